/** Runs a SOQL query and follows its pages. */
import type { AppContext, AppResponse } from '#connector-sdk/connector.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import { endpoints } from './endpoints.js';
import { querySchema } from './guards.js';

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
  while (!page.done && page.nextRecordsUrl !== undefined) {
    const response = await context.call({ method: 'GET', path: page.nextRecordsUrl, requirement });
    page = readAnswer(querySchema, response, 'query result');
    records.push(...page.records);
  }
  return { records, first };
}
