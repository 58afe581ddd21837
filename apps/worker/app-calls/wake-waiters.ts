/**
 * The sweep: finds what waits for a connection by its search attributes and signals it at a shaped rate. Visibility lags, so it may
 * miss what has parked a moment ago: that looks once more by itself 2 s after parking (docs/decisions.md, "Parking").
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { isId } from '#domain/ids.js';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import { isWorkflowGone } from '#temporal/not-found.js';
import { missingKey } from '#temporal/search-attributes.js';
import { deadlineIn } from '../deadline-in.js';

/** Jobs and recipes have a signal of this name and shape. */
const WAKE = 'wake';
/** Milliseconds between two signals: 100 a second. */
const SPACING_MS = 10;
const DEADLINE_MS = 30_000;

export interface WakeWish {
  client: Client;
  connectionId: string;
  /** Only those that wait for one of these requirements; null = those that wait for the connection itself. */
  requirements: string[] | null;
  /** Called now and then: thousands of signals take a while. */
  heartbeat: () => void;
}

interface Waiter {
  workflowId: string;
  missing: string | null;
}

/** Wakes what waits; returns how many were signalled. One that has ended meanwhile is no failure. */
export async function wakeWaiters({ client, connectionId, requirements, heartbeat }: WakeWish): Promise<number> {
  let count = 0;
  for await (const waiter of waitersOf(client, connectionId)) {
    const wanted =
      requirements === null
        ? waiter.missing === null
        : waiter.missing !== null && requirements.includes(waiter.missing);
    if (!wanted) continue;
    if (count > 0) await pause(SPACING_MS);
    heartbeat();
    if (await wake(client, waiter.workflowId, connectionId)) count += 1;
  }
  return count;
}

/** Which requirements parked jobs and recipes of a connection wait for: a verify looks at them too. */
export async function parkedRequirements({
  client,
  connectionId,
}: {
  client: Client;
  connectionId: string;
}): Promise<string[]> {
  const found = new Set<string>();
  for await (const { missing } of waitersOf(client, connectionId)) if (missing !== null) found.add(missing);
  return [...found].sort();
}

async function wake(client: Client, workflowId: string, connectionId: string): Promise<boolean> {
  try {
    await client.withDeadline(deadlineIn(DEADLINE_MS), () =>
      client.workflow.getHandle(workflowId).signal(WAKE, { connectionId }),
    );
    return true;
  } catch (error) {
    if (isWorkflowGone(error)) return false;
    throw error;
  }
}

async function* waitersOf(client: Client, connectionId: string): AsyncGenerator<Waiter> {
  // It stands in a query: nothing but an id may get there.
  if (!isId('connection', connectionId)) return;
  const query = `${SEARCH_ATTRIBUTE.waitingFor} = '${connectionId}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId, typedSearchAttributes } of client.workflow.list({ query })) {
    yield { workflowId, missing: typedSearchAttributes.get(missingKey) ?? null };
  }
}
