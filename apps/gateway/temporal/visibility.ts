/** Questions to Temporal's visibility. Values are quoted here and nowhere else. */
import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import { JOB_WORKFLOW } from '#workflows/job/messages.js';
import { RECIPE_WORKFLOW } from '#workflows/recipe/messages.js';
import { GLANCE_DEADLINE_MS, TEMPORAL_DEADLINE_MS, temporalCall } from './temporal-call.js';

/** A value in a visibility query: our ids and states need no escape, so anything that would is made harmless. */
export const quoted = (value: string): string => `"${value.replace(/["\\]/g, '')}"`;

export const is = (attribute: string, value: string): string => `${attribute} = ${quoted(value)}`;

export const all = (...conditions: string[]): string => conditions.join(' AND ');

export interface ParkedCount {
  jobs: number;
  recipes: number;
}

const RUNNING = is('ExecutionStatus', 'Running');

/** How many jobs and recipes wait for a connection, or null where Temporal does not say so soon: for answers that have more to show. */
export function glanceAtParked(client: Client, workspaceId: string, connectionId: string): Promise<ParkedCount | null> {
  return countParked(client, workspaceId, connectionId, GLANCE_DEADLINE_MS).catch(() => null);
}

/** How many jobs and recipes wait for a connection. Lags by a fraction of a second. */
export async function countParked(
  client: Client,
  workspaceId: string,
  connectionId: string,
  deadlineMs = TEMPORAL_DEADLINE_MS,
): Promise<ParkedCount> {
  const waiting = all(
    is(SEARCH_ATTRIBUTE.workspace, workspaceId),
    is(SEARCH_ATTRIBUTE.waitingFor, connectionId),
    RUNNING,
  );
  const total = await count(client, waiting, deadlineMs);
  if (total === 0) return { jobs: 0, recipes: 0 };
  const recipes = await count(client, all(waiting, is('WorkflowType', RECIPE_WORKFLOW)), deadlineMs);
  return { jobs: Math.max(0, total - recipes), recipes };
}

/** Whether anything at all waits in the workspace: one question instead of one per connection, in the usual case. */
export async function isAnythingParked(client: Client, workspaceId: string): Promise<boolean> {
  return (
    (await count(
      client,
      all(is(SEARCH_ATTRIBUTE.workspace, workspaceId), `${SEARCH_ATTRIBUTE.waitingFor} IS NOT NULL`, RUNNING),
      GLANCE_DEADLINE_MS,
    )) > 0
  );
}

async function count(client: Client, query: string, deadlineMs: number): Promise<number> {
  return (await temporalCall(client, () => client.workflow.count(query), deadlineMs)).count;
}

export const jobsOf = (workspaceId: string): string =>
  all(is(SEARCH_ATTRIBUTE.workspace, workspaceId), is('WorkflowType', JOB_WORKFLOW));
