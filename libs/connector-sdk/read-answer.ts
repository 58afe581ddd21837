/** Reads an app's answer by a guard: nothing that an app sends is believed unread. */
import { HawserError } from '#domain/errors.js';
import type { z } from 'zod';
import type { AppResponse } from './connector.js';

/** The answer's JSON in the guard's shape; throws `app_misconfigured` naming the first field that does not fit. `what` = "list of organizations". */
export function readAnswer<Schema extends z.ZodType>(
  schema: Schema,
  response: AppResponse,
  what: string,
): z.output<Schema> {
  const read = schema.safeParse(response.json);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const place = issue ? ` (${issue.path.join('.') || 'the whole answer'}: ${issue.message})` : '';
  throw new HawserError('app_misconfigured', `The app's answer is no ${what}${place}.`, {
    evidence: { at: response.at, status: response.status },
  });
}
