/** Sends `roll` to open runs of connections and recipes, at a shaped rate: after an upgrade or a rotation of the payload key. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { HawserError } from '#domain/errors.js';
import { signalActor } from '#temporal/signal-actor.js';
import { CONNECTION_WORKFLOW, rollSignal } from '#workflows/connection/messages.js';
import { RECIPE_WORKFLOW } from '#workflows/recipe/messages.js';

const DEADLINE_MS = 30_000;
/** How long a run may take to roll: one that has work under way finishes it first. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

export interface RollWish {
  client: Client;
  /** Only runs that began before this moment (epoch milliseconds); null = all. */
  before: number | null;
  /** Signals a second. */
  rate: number;
  onProgress: (sent: number) => void;
}

export interface RollReport {
  /** Runs that were asked. */
  sent: number;
  /** Those that had not rolled when we stopped looking. */
  left: number;
}

export async function rollRuns({ client, before, rate, onProgress }: RollWish): Promise<RollReport> {
  const asked = new Set<string>();
  for (const { workflowId, runId } of await openRuns(client, before)) {
    // Recipes have a signal of the same name. To the workflow, not to the run: one that has just rolled may roll once more.
    if (await isSignalled(client, workflowId)) asked.add(runId);
    onProgress(asked.size);
    await pause(1_000 / rate);
  }
  return { sent: asked.size, left: await untilRolled(client, asked) };
}

/** All of them are read before the first is signalled: what rolls meanwhile must not turn up again. */
async function openRuns(client: Client, before: number | null): Promise<{ workflowId: string; runId: string }[]> {
  const started = before === null ? '' : ` AND StartTime < '${new Date(before).toISOString()}'`;
  const query = `WorkflowType IN ('${CONNECTION_WORKFLOW}', '${RECIPE_WORKFLOW}') AND ExecutionStatus = 'Running'${started}`;
  const runs: { workflowId: string; runId: string }[] = [];
  for await (const { workflowId, runId } of client.workflow.list({ query })) runs.push({ workflowId, runId });
  return runs;
}

async function isSignalled(client: Client, workflowId: string): Promise<boolean> {
  try {
    await signalActor(client, { workflowId, signal: rollSignal, args: [], deadlineMs: DEADLINE_MS });
    return true;
  } catch (error) {
    // Deleted meanwhile.
    if (error instanceof HawserError && error.code === 'actor_lost') return false;
    throw error;
  }
}

async function untilRolled(client: Client, asked: Set<string>): Promise<number> {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    const left = (await openRuns(client, null)).filter(({ runId }) => asked.has(runId)).length;
    if (left === 0 || Date.now() >= end) return left;
    await pause(LOOK_EVERY_MS);
  }
}
