/** Questions to Temporal's visibility. Values are quoted here and nowhere else. */
import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import { JOB_WORKFLOW } from '#workflows/job/messages.js';
import { RECIPE_WORKFLOW } from '#workflows/recipe/messages.js';
import { missingKey, waitingForKey } from '#temporal/search-attributes.js';
import { GLANCE_DEADLINE_MS, TEMPORAL_DEADLINE_MS, temporalCall } from './temporal-call.js';

/** A value in a visibility query: our ids and states need no escape, so anything that would is made harmless. */
export const quoted = (value: string): string => `"${value.replace(/["\\]/g, '')}"`;

export const is = (attribute: string, value: string): string => `${attribute} = ${quoted(value)}`;

export const all = (...conditions: string[]): string => conditions.join(' AND ');

export interface ParkedCount {
  jobs: number;
  recipes: number;
  /** Rights that some of them wait for, such as `Account:read`, although the connection may be used. */
  requirements: string[];
}

export const NOTHING_PARKED: ParkedCount = { jobs: 0, recipes: 0, requirements: [] };

/** So many of those that wait for a right are looked at: there are few rights, and many wait for the same. */
const LOOKED_AT = 100;

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
  if (total === 0) return NOTHING_PARKED;
  const [recipes, rights] = await Promise.all([
    count(client, all(waiting, is('WorkflowType', RECIPE_WORKFLOW)), deadlineMs),
    rightsOf(client, waiting, deadlineMs),
  ]);
  return {
    jobs: Math.max(0, total - recipes),
    recipes,
    requirements: [...new Set(rights.map(([, key]) => key))].sort(),
  };
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

/** Which rights a recipe and its open jobs wait for: pairs of connection and requirement. Empty where Temporal does not say so soon. */
export function glanceAtRights(client: Client, workspaceId: string, recipeId: string): Promise<[string, string][]> {
  const ofRecipe = all(is(SEARCH_ATTRIBUTE.workspace, workspaceId), is(SEARCH_ATTRIBUTE.recipe, recipeId), RUNNING);
  return rightsOf(client, ofRecipe, GLANCE_DEADLINE_MS).catch(() => []);
}

async function rightsOf(client: Client, among: string, deadlineMs: number): Promise<[string, string][]> {
  const query = all(among, `${SEARCH_ATTRIBUTE.missing} IS NOT NULL`);
  const look = async (): Promise<[string, string][]> => {
    const found: [string, string][] = [];
    let looked = 0;
    for await (const { typedSearchAttributes } of client.workflow.list({ query, pageSize: LOOKED_AT })) {
      const [connectionId, requirement] = [
        typedSearchAttributes.get(waitingForKey),
        typedSearchAttributes.get(missingKey),
      ];
      if (connectionId !== undefined && requirement !== undefined) found.push([connectionId, requirement]);
      if ((looked += 1) >= LOOKED_AT) break;
    }
    return found;
  };
  return temporalCall(client, look, deadlineMs);
}

async function count(client: Client, query: string, deadlineMs: number): Promise<number> {
  return (await temporalCall(client, () => client.workflow.count(query), deadlineMs)).count;
}

export const jobsOf = (workspaceId: string): string =>
  all(is(SEARCH_ATTRIBUTE.workspace, workspaceId), is('WorkflowType', JOB_WORKFLOW));
