import type { GatewayServices } from '../ports.js';
import { temporalCall } from '../temporal/temporal-call.js';
import { all, jobsOf, quoted } from '../temporal/visibility.js';
import { millisecondsOf, type JobExecution } from './job-execution.js';

/** For these rows: workflow id -> run id of its newest run, in one question. */
export async function newestRuns(
  services: GatewayServices,
  workspaceId: string,
  rows: JobExecution[],
): Promise<Map<string, string>> {
  const { client, config } = services;
  const ids = [...new Set(rows.map(({ execution }) => execution?.workflowId ?? ''))];
  const query = all(jobsOf(workspaceId), `WorkflowId IN (${ids.map(quoted).join(', ')})`);
  const page = await temporalCall(client, () =>
    client.workflowService.listWorkflowExecutions({ namespace: config.temporal.namespace, query, pageSize: 1000 }),
  );
  const newest = new Map<string, { runId: string; startedAt: number }>();
  for (const { execution, startTime } of (page.executions ?? []) as JobExecution[]) {
    const id = execution?.workflowId ?? '';
    const startedAt = millisecondsOf(startTime) ?? 0;
    if (startedAt >= (newest.get(id)?.startedAt ?? -1)) newest.set(id, { runId: execution?.runId ?? '', startedAt });
  }
  return new Map([...newest].map(([id, { runId }]) => [id, runId]));
}
