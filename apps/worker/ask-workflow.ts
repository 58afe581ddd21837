import type { Client } from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import { isWorkflowGone } from '#temporal/not-found.js';
import { deadlineIn } from './deadline-in.js';

const DEADLINE_MS = 10_000;

/** The answer of a workflow; `lost` when there is none of that id, `unanswered` when nobody takes the question. */
export async function ask<View>(
  client: Client,
  workflowId: string,
  query: QueryDefinition<View>,
): Promise<View | 'lost' | 'unanswered'> {
  try {
    return await client.withDeadline(deadlineIn(DEADLINE_MS), () => client.workflow.getHandle(workflowId).query(query));
  } catch (error) {
    return isWorkflowGone(error) ? 'lost' : 'unanswered';
  }
}
