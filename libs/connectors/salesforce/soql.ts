/** Runs a SOQL query and follows its pages. */
import type { AppContext, AppResponse } from '#connector-sdk/connector.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import { HawserError } from '#domain/errors.js';
import { endpoints } from './endpoints.js';
import { querySchema } from './guards.js';

/** A page has 200 records at least; more pages than this are a loop. */
const MAX_PAGES = 100;

export type QueriedRecord = Record<string, unknown>;

/** All records of a query, page by page (`nextRecordsUrl` is followed verbatim), with the first answer. */
export async function runQuery(
  context: AppContext,
  soql: string,
  requirement: string,
): Promise<{ records: QueriedRecord[]; first: AppResponse }> {
  const first = await context.call({ method: 'GET', path: endpoints.query, query: { q: soql }, requirement });
  let page = readAnswer(querySchema, first, 'query result');
  const records: QueriedRecord[] = [...page.records];
  for (let pages = 1; !page.done && page.nextRecordsUrl !== undefined; pages += 1) {
    if (pages >= MAX_PAGES)
      throw new HawserError('app_misconfigured', `Salesforce's query has no end after ${MAX_PAGES} pages.`);
    const response = await context.call({ method: 'GET', path: page.nextRecordsUrl, requirement });
    page = readAnswer(querySchema, response, 'query result');
    records.push(...page.records);
  }
  return { records, first };
}
