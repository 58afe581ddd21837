/** Questions to Temporal's visibility, as the checks ask them. Every id in them is one of ours. */
import type { Client } from '@temporalio/client';

const DEADLINE_MS = 10_000;

export const withDeadline = <T>(client: Client, work: () => Promise<T>): Promise<T> =>
  client.withDeadline(Date.now() + DEADLINE_MS, work);

export const countRuns = async (client: Client, query: string): Promise<number> =>
  (await withDeadline(client, () => client.workflow.count(query))).count;

/** Ids of the running workflows of a type. Lags by a fraction of a second. */
export async function runningIds(client: Client, workflowType: string): Promise<Set<string>> {
  const ids = new Set<string>();
  const query = `WorkflowType = '${workflowType}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query })) ids.add(workflowId);
  return ids;
}
