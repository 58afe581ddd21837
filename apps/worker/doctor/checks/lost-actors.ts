import type { Client } from '@temporalio/client';
import { connectionWorkflowId, recipeWorkflowId } from '#domain/ids.js';
import { CONNECTION_WORKFLOW } from '#workflows/connection/messages.js';
import { RECIPE_WORKFLOW } from '#workflows/recipe/messages.js';
import { runOf } from '../../rebuild/rebuild-run.js';
import type { Check } from '../check.js';
import { notice, problem, type Finding } from '../finding.js';
import { runningIds } from '../visibility.js';

/** A creation writes the document first and starts the workflow a moment later. */
const NEWBORN_MS = 60_000;

export const lostActors: Check = {
  name: 'every connection and recipe runs',
  needs: ['store', 'temporal'],
  async run({ temporal, survey, now }) {
    const connections = (await survey.connections()).map(({ document }) => ({
      noun: 'connection',
      workflowId: connectionWorkflowId(document.workspaceId, document._id),
      ...document,
    }));
    const recipes = (await survey.recipes()).map((document) => ({
      noun: 'recipe',
      workflowId: recipeWorkflowId(document.workspaceId, document._id),
      ...document,
    }));
    const old = (document: Projection): boolean => now - document.createdAt > NEWBORN_MS;
    return [
      ...(await lost(temporal, CONNECTION_WORKFLOW, connections, old)),
      ...(await lost(temporal, RECIPE_WORKFLOW, recipes, old)),
    ];
  },
};

interface Projection {
  noun: string;
  _id: string;
  name: string;
  workflowId: string;
  createdAt: number;
}

async function lost(
  client: Client,
  type: string,
  projections: Projection[],
  old: (one: Projection) => boolean,
): Promise<Finding[]> {
  const running = await runningIds(client, type);
  const findings: Finding[] = [];
  for (const projection of projections) {
    if (running.has(projection.workflowId)) continue;
    // Visibility lags: only the run itself is believed.
    const run = await runOf(client, projection.workflowId);
    if (run === 'COMPLETED') findings.push(ended(projection));
    else if (run !== 'RUNNING' && (run !== 'MISSING' || old(projection))) findings.push(gone(projection, run));
  }
  return findings;
}

const gone = ({ noun, _id, name }: Projection, run: string): Finding =>
  problem('actor_lost', _id, {
    what: `The ${noun} "${name}" (${_id}) has no running workflow (${run.toLowerCase()}).`,
    why: noun === 'connection' ? 'Nobody can use or renew it: its jobs wait.' : 'It starts no jobs.',
    next: 'Run `npm run doctor -- --rebuild`: it is started again from its projection.',
  });

const ended = ({ noun, _id, name }: Projection): Finding =>
  notice('deleted_again', _id, {
    what: `The ${noun} "${name}" (${_id}) was deleted, but the database (restored from a backup?) does not know it.`,
    why: 'It is listed though it is dead; it is not started again over its tombstone.',
    next: `Delete the ${noun} again, or make a new one.`,
  });
