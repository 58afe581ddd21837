/**
 * Starts one long-lived workflow again from its projection when it is lost, or older than the projection; never over a tombstone
 * (docs/decisions.md, "The projection"). The same for connection actors and recipes: what differs comes as a `Projected`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import {
  WorkflowExecutionAlreadyStartedError,
  type QueryDefinition,
  type TypedSearchAttributes,
} from '@temporalio/common';
import { isWorkflowGone } from '#temporal/not-found.js';
import { runPriority, type RunKind } from '#temporal/run-priority.js';
import type { TaskQueue } from '#temporal/task-queues.js';
import { ask } from '../ask-workflow.js';

/** `unknown`: it runs, but did not answer, so nobody can tell whether it is older than its projection. */
export type RebuildOutcome = 'rebuilt' | 'running' | 'deleted' | 'unknown';

/** A workflow that has a projection. `Document` is null once it was deleted. */
export interface Projected<Document, View> {
  workflowId: string;
  workflowType: string;
  kind: RunKind;
  workspaceId: string;
  taskQueue: TaskQueue;
  summary: string;
  statusQuery: QueryDefinition<View>;
  /** Reads the projection; null = deleted, or not there. */
  read(): Promise<Document | null>;
  isBehind(view: View, stored: Document): boolean;
  /** Argument and search attributes of the new run. */
  birth(stored: Document): Promise<{ state: unknown; attributes: TypedSearchAttributes }>;
}

const DEADLINE_MS = 10_000;
/** An activity writes the projection before its workflow has heard the outcome: only one that stays behind is older. */
const LOOKS = 5;
const BETWEEN_LOOKS_MS = 1_000;

/** `onlyMissing` leaves a running one alone even when it is older than its projection (its Temporal database was restored). */
export async function rebuildRun<Document, View>(
  client: Client,
  projected: Projected<Document, View>,
  onlyMissing: boolean,
): Promise<RebuildOutcome> {
  if ((await projected.read()) === null) return 'deleted';
  const run = await runOf(client, projected.workflowId);
  // One ends by itself only when it was deleted, even if the store (restored from a backup) does not know it.
  if (run === 'COMPLETED') return 'deleted';
  if (run === 'RUNNING') {
    if (onlyMissing) return 'running';
    const age = await ageOf(client, projected);
    if (age !== 'behind') return age;
  }
  // Read again: it may have been deleted while we looked.
  const stored = await projected.read();
  if (stored === null) return 'deleted';
  return (await start(client, projected, stored, run === 'RUNNING')) ? 'rebuilt' : 'running';
}

/** Name of the run's status, `MISSING` when Temporal knows none. */
export async function runOf(client: Client, workflowId: string): Promise<string> {
  try {
    return (await call(client, () => client.workflow.getHandle(workflowId).describe())).status.name;
  } catch (error) {
    if (isWorkflowGone(error)) return 'MISSING';
    throw error;
  }
}

/** `behind`: lastingly older than its projection; `running`: not so, or there is none; `unknown`: it does not answer. */
export async function ageOf<Document, View>(
  client: Client,
  projected: Projected<Document, View>,
): Promise<'behind' | 'running' | 'unknown'> {
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await pause(BETWEEN_LOOKS_MS);
    const stored = await projected.read();
    if (stored === null) return 'running';
    const view = await ask(client, projected.workflowId, projected.statusQuery);
    if (view === 'unanswered') return 'unknown';
    if (view === 'lost') return 'running';
    if (!projected.isBehind(view, stored)) return 'running';
  }
  return 'behind';
}

/** False when somebody else has started it meanwhile. */
async function start<Document, View>(
  client: Client,
  projected: Projected<Document, View>,
  stored: Document,
  replace: boolean,
): Promise<boolean> {
  const { workflowId, workflowType, taskQueue, summary, kind, workspaceId } = projected;
  const { state, attributes } = await projected.birth(stored);
  try {
    await call(client, () =>
      client.workflow.start(workflowType, {
        workflowId,
        taskQueue,
        args: [{ state }],
        priority: runPriority(kind, workspaceId),
        workflowIdConflictPolicy: replace ? 'TERMINATE_EXISTING' : 'FAIL',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        typedSearchAttributes: attributes,
        staticSummary: summary,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

const call = <T>(client: Client, work: () => Promise<T>): Promise<T> =>
  client.withDeadline(Date.now() + DEADLINE_MS, work);
