import type { z } from 'zod';
import { classifiedError } from '#connector-sdk/classified-error.js';
import type { AppContext } from '#connector-sdk/connector.js';
import { isTooLarge } from '#connector-sdk/read-by-parts.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import { classify } from './classify.js';
import { recordSchema } from './guards.js';

/** The record at an address (by id or by external id) with the fields that the user may see; null when there is none. */
export async function findRecord(context: AppContext, path: string): Promise<z.output<typeof recordSchema> | null> {
  const request = { method: 'GET', path } as const;
  const response = await context.ask(request).catch((error: unknown) => {
    if (!isTooLarge(error)) throw error;
    // It is there; what it holds is more than an answer may be.
    return context.ask({ ...request, query: { fields: 'Id' } });
  });
  const judged = classify(request, response);
  if (judged.kind === 'ok') return readAnswer(recordSchema, response, 'record');
  if (judged.code === 'record_gone') return null;
  throw classifiedError(judged, response);
}
