/** Looks at every projection and starts again what is lost: connection actors first, for recipes ask them. */
import type { Client } from '@temporalio/client';
import type { Store } from '#store/connect-store.js';
import { everyDocument } from '../every-document.js';
import { rebuildActor } from './rebuild-actor.js';
import { rebuildRecipe } from './rebuild-recipe.js';
import type { RebuildOutcome } from './rebuild-run.js';

export interface RebuildAllWish {
  client: Client;
  store: Store;
  onlyMissing: boolean;
  /** Gets a line for each that was rebuilt or could not be judged. */
  tell: (line: string) => void;
}

export type RebuildCounts = Record<RebuildOutcome, number>;

export interface RebuildReport {
  connections: RebuildCounts;
  recipes: RebuildCounts;
  /** Jobs that were open and that Temporal does not know any more. */
  lostJobs: number;
}

const none = (): RebuildCounts => ({ rebuilt: 0, running: 0, deleted: 0, unknown: 0 });

export async function rebuildAll(wish: RebuildAllWish): Promise<RebuildReport> {
  const { store, tell } = wish;
  const report: RebuildReport = { connections: none(), recipes: none(), lostJobs: 0 };
  for await (const document of everyDocument((page) => store.connections.listForRebuild(page))) {
    const outcome = await rebuildActor({ ...wish, document });
    report.connections[outcome] += 1;
    tellOutcome(
      tell,
      `${document._id} (${document.app})`,
      outcome,
      `revision ${document.revision} of generation ${document.generation}`,
    );
  }
  for await (const document of everyDocument((page) => store.recipes.listForRebuild(page))) {
    const { outcome, lostJobs } = await rebuildRecipe({ ...wish, document });
    report.recipes[outcome] += 1;
    report.lostJobs += lostJobs.length;
    tellOutcome(tell, document._id, outcome, `revision ${document.revision}`);
    if (lostJobs.length > 0)
      tell(
        `${document._id}: ${lostJobs.length} jobs were open and are lost (records ${lostJobs.map(({ recordId }) => recordId).join(', ')}). Look in the apps.`,
      );
  }
  return report;
}

function tellOutcome(tell: (line: string) => void, name: string, outcome: RebuildOutcome, from: string): void {
  if (outcome === 'rebuilt') tell(`${name}: started again from ${from}.`);
  if (outcome === 'unknown') tell(`${name}: runs but does not answer. Is a worker running? Then repeat.`);
}
