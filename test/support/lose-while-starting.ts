/** Gets many jobs to park on one connection: it is lost after the poll has leased it and before the jobs that it starts use it. */
import type { Api } from './api.js';
import type { EmulatorControl } from './emulator-control.js';
import { eventually } from './eventually.js';
import { untilJobs } from './recipes.js';

/** Longer than the few calls that are made while it lasts. */
const DELAY_MS = 4_000;

/**
 * Starts the recipe (its trigger reads Salesforce production), and revokes every grant at `org` while the answer to the trigger's
 * query is held back. Resolves to the jobs when so many wait.
 */
export async function loseWhileStarting(
  api: Api,
  emulators: EmulatorControl,
  recipe: string,
  org: string,
  count: number,
): Promise<any[]> {
  const fault = await emulators.fault({
    app: 'salesforce',
    org: 'production',
    method: 'GET',
    path: '/query$/',
    kind: 'delay',
    delayMs: DELAY_MS,
    times: 1,
  });
  await api.ok('POST', `/v1/recipes/${recipe}/start`, {});
  await eventually('the poll to ask the app', async () => {
    const { faults } = await emulators.call<{ faults: { id: string; met: number }[] }>('GET', '/faults');
    return faults.some(({ id, met }) => id === fault.id && met === 1);
  });
  await emulators.revoke(org);
  const waiting = await untilJobs(api, recipe, 'waiting', count);
  await emulators.clearFaults();
  return waiting;
}
