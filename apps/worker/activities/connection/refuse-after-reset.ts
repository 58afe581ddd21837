/** Work that was asked for before its run was reset is handed out again by Temporal, with the state of then: it spends nothing. */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

/**
 * A reset run has another id than the run that scheduled the activity.
 * @throws ApplicationFailure that is not repeated: the actor compares itself with the store, then asks anew.
 */
export function refuseAfterReset({ runId }: { runId?: string }): void {
  if (runId === undefined || runId === Context.current().info.workflowExecution?.runId) return;
  throw ApplicationFailure.nonRetryable(
    'The run was reset by an operator after this was asked for.',
    'temporarily_unavailable',
  );
}
