/** The least that Temporal asks for: a workflow without state, as the floor beside the actor's numbers. Bundled by floor-worker.ts. */
import { condition, defineQuery, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';

export const FLOOR_QUEUE = 'bench-floor';
export const nothingQuery = defineQuery<string>('nothing');
/** One activity for one waiting caller: what a renewal is without the connection. */
export const workUpdate = defineUpdate<string>('work');

const { nothing } = proxyActivities<{ nothing(): Promise<string> }>({ startToCloseTimeout: '10 s' });

export async function emptyWorkflow(): Promise<void> {
  setHandler(nothingQuery, () => 'nothing');
  setHandler(workUpdate, () => nothing());
  await condition(() => false);
}
