import type { z } from 'zod';
import type { AttemptEndSchema } from '#contract/connections/connection-shape.js';
import { ERROR_CODES } from '#domain/errors.js';
import type { AttemptDocument } from '#store/documents.js';
import type { AttemptEnd } from '#workflows/connection/state.js';

/** How an attempt ended, with a sentence for people; null while it goes on. */
export function attemptEndOf({ end }: AttemptDocument): z.infer<typeof AttemptEndSchema> | null {
  if (end === null) return null;
  const parsed = JSON.parse(end) as AttemptEnd;
  return { ...parsed, ...(parsed.code === undefined ? {} : { text: ERROR_CODES[parsed.code].text }) };
}
