/**
 * Who goes first when a task queue has a backlog, and whose turn it is. A run hands both to its activities and to the runs it
 * continues as; the server orders by priority, then by turns of the fairness key (`matching.enableFairness`). Neither limits how many
 * run at once: a connection's share of slots is counted by the worker (`apps/worker/activities/step-slots.ts`).
 */
import type { Priority } from '@temporalio/common';

/** 1 goes first; 3 is what a run without a priority has. */
const PRIORITY = { connection: 1, metadata: 2, recipe: 3, job: 4 } as const;
export type RunKind = keyof typeof PRIORITY;

/** For `workflow.start`. Renewals first, then a person who waits at a screen, then recipes, then their jobs. */
export function runPriority(kind: RunKind, workspaceId: string): Priority {
  return { priorityKey: PRIORITY[kind], fairnessKey: workspaceId };
}
