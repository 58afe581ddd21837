/** How the jobs of one record are found in Temporal's visibility. Its values are plain, and a record id may name a person: so a hash. */
import { createHash } from 'node:crypto';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';

/** The value of the search attribute `HawserRecord`. */
export function recordKeyOf(recipeId: string, recordId: string): string {
  return createHash('sha256')
    .update(JSON.stringify([recipeId, recordId]))
    .digest('hex')
    .slice(0, 32);
}

/** Whether a request failed because the namespace lacks the attribute (a server that was set up for an older build; the doctor says so). */
export function lacksRecordAttribute(error: unknown): boolean {
  for (let one: unknown = error; one instanceof Error; one = one.cause)
    if (`${one.message} ${(one as { details?: unknown }).details}`.includes(SEARCH_ATTRIBUTE.record)) return true;
  return false;
}
