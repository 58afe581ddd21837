/** Reads an object's description: what the connected user sees of it. */
import { classifiedError } from '#connector-sdk/classified-error.js';
import type { AppContext } from '#connector-sdk/connector.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import { requirementKey } from '#connector-sdk/requirement-key.js';
import { classify } from './classify.js';
import { endpoints } from './endpoints.js';
import { describeSchema, type Describe } from './guards.js';

/** Throws `right_missing` when the object is hidden or does not exist (the API does not tell them apart). */
export async function describeObject(context: AppContext, object: string): Promise<Describe> {
  const response = await context.call({
    method: 'GET',
    path: endpoints.describe(object),
    requirement: requirementKey(object, 'read'),
    longAnswer: true,
  });
  return readAnswer(describeSchema, response, `description of the object ${object}`);
}

/** As above, null instead of `right_missing`. */
export async function describeIfVisible(context: AppContext, object: string): Promise<Describe | null> {
  const request = { method: 'GET', path: endpoints.describe(object), longAnswer: true } as const;
  const response = await context.ask(request);
  const judged = classify(request, response);
  if (judged.kind === 'ok') return readAnswer(describeSchema, response, `description of the object ${object}`);
  if (judged.code === 'right_missing') return null;
  throw classifiedError(judged, response);
}
