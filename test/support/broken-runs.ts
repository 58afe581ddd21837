/**
 * Runs that Temporal itself ended (a limit) and workflow tasks that failed, in the namespaces of one test file. Each file is asked at
 * its end (test/support/fail-on-broken-runs.ts): what grows without bound, or stalls, must not look healthy.
 */
import { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { WatchedNamespace } from './watched-namespaces.js';

type Event = temporal.api.history.v1.IHistoryEvent;
const { EventType, WorkflowTaskFailedCause: Cause } = temporal.api.enums.v1;

/** The server's own way of going on, not a fault of the workflow: a message came while a task was being completed, a worker went away. */
const HARMLESS: unknown[] = [
  Cause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
  Cause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE,
  Cause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW,
  Cause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
  Cause.WORKFLOW_TASK_FAILED_CAUSE_FAILOVER_CLOSE_COMMAND,
];
const SERVER = 'history-service';
const AT_ONCE = 8;

/** What is broken and not wanted, one line each. */
export async function brokenRuns(namespaces: WatchedNamespace[]): Promise<string[]> {
  const found: string[] = [];
  for (const { address, namespace, since } of namespaces) {
    const connection = await Connection.connect({ address });
    try {
      found.push(...(await brokenIn(connection, namespace, since)));
    } finally {
      await connection.close();
    }
  }
  return found;
}

async function brokenIn(connection: Connection, namespace: string, since: number): Promise<string[]> {
  const found: string[] = [];
  const query = `StartTime >= "${new Date(since).toISOString()}"`;
  let nextPageToken: Uint8Array | null = null;
  do {
    const page: temporal.api.workflowservice.v1.IListWorkflowExecutionsResponse =
      await connection.workflowService.listWorkflowExecutions({ namespace, query, pageSize: 500, nextPageToken });
    const runs = page.executions ?? [];
    for (let at = 0; at < runs.length; at += AT_ONCE) {
      const some = runs.slice(at, at + AT_ONCE);
      for (const lines of await Promise.all(some.map((run) => faultsOf(connection, namespace, run))))
        found.push(...lines);
    }
    nextPageToken = page.nextPageToken?.length ? page.nextPageToken : null;
  } while (nextPageToken);
  return found;
}

async function faultsOf(
  connection: Connection,
  namespace: string,
  { execution, type }: temporal.api.workflow.v1.IWorkflowExecutionInfo,
): Promise<string[]> {
  const lines: string[] = [];
  let nextPageToken: Uint8Array | null = null;
  do {
    const part: temporal.api.workflowservice.v1.IGetWorkflowExecutionHistoryResponse =
      await connection.workflowService.getWorkflowExecutionHistory({ namespace, execution, nextPageToken });
    for (const event of part.history?.events ?? []) {
      const fault = faultIn(event);
      if (fault) lines.push(`${type?.name} ${execution?.workflowId}: ${fault}`);
    }
    nextPageToken = part.nextPageToken?.length ? part.nextPageToken : null;
  } while (nextPageToken);
  return lines;
}

function faultIn({ eventType, eventId, ...event }: Event): string | null {
  if (eventType === EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED) {
    const { identity, reason } = event.workflowExecutionTerminatedEventAttributes ?? {};
    // Somebody has started the workflow anew on purpose.
    if (/TerminateIfRunning/.test(reason ?? '')) return null;
    return identity === SERVER ? `terminated by the server at event ${String(eventId)}: ${reason}` : null;
  }
  if (eventType !== EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED) return null;
  const { cause, failure } = event.workflowTaskFailedEventAttributes ?? {};
  if (HARMLESS.includes(cause)) return null;
  return `workflow task failed at event ${String(eventId)}: ${Cause[cause ?? 0]} ${failure?.message ?? ''}`;
}
