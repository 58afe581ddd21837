/** Whether a closed run ended by itself, or was ended by force: at a limit of Temporal, or by somebody's hand. */
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { deadlineIn } from '../deadline-in.js';

const DEADLINE_MS = 10_000;
/** The identity under which the server itself ends runs (temporal: common/consts IdentityHistoryService). */
const SERVER = 'history-service';

export interface ForcedEnd {
  runId: string;
  /** Epoch ms. */
  at: number;
  /** Temporal's own words, such as "Workflow history size exceeds limit." */
  why: string;
  /** True where the server did it. */
  byLimit: boolean;
}

/** How the newest run was ended by force; null where it runs, or ended by itself. @throws What `describe` throws. */
export async function forcedEnd(client: Client, workflowId: string): Promise<ForcedEnd | null> {
  const described = await client.withDeadline(deadlineIn(DEADLINE_MS), () =>
    client.workflow.getHandle(workflowId).describe(),
  );
  const { status, runId, closeTime } = described;
  if (status.name !== 'TERMINATED' && status.name !== 'TIMED_OUT') return null;
  const { history } = await client.withDeadline(deadlineIn(DEADLINE_MS), () =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      historyEventFilterType: temporal.api.enums.v1.HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
    }),
  );
  const end = history?.events?.at(-1)?.workflowExecutionTerminatedEventAttributes;
  return {
    runId,
    at: closeTime?.getTime() ?? 0,
    why: end ? end.reason || `terminated by ${end.identity ?? 'somebody'}` : 'timed out',
    byLimit: end ? end.identity === SERVER : true,
  };
}
