/** Two people press Rerun; the start of the second comes when the first rerun has ended already: nothing is done twice. */
import { connectStore, type Store } from '#store/connect-store.js';
import { RerunJob } from '../../apps/gateway/jobs/rerun-job.js';
import type { GatewayServices } from '../../apps/gateway/ports.js';
import { temporalOf } from '../support/actor.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { accountsToOrganizations, startedRecipe, untilJobs, untilPolled } from '../support/recipes.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
let temporal: ReturnType<typeof temporalOf>;
let store: Store;
beforeAll(async () => {
  hawser = await borrowHawser();
  temporal = temporalOf(hawser);
  store = await connectStore({ uri: hawser.mongoUri });
}, 120_000);
afterAll(async () => {
  await store?.close();
  await temporal?.close();
  await hawser?.stop();
});

/** The gateway's own endpoint, held before its start, when everything has been looked at. */
function heldRerun(): { rerun: RerunJob; reached: Promise<void>; release: () => void } {
  const { client } = temporal;
  const quiet = { warn: () => undefined, failed: () => undefined };
  const rerun = new RerunJob({
    client,
    store,
    log: quiet,
    config: { temporal: { namespace: hawser.namespace } },
  } as unknown as GatewayServices);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let arrive = (): void => undefined;
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const plan = rerun['plan'].bind(rerun);
  let planned = 0;
  rerun['plan'] = async (...wish) => {
    const made = await plan(...wish);
    planned += 1;
    if (planned < 2) return made;
    arrive();
    await held;
    return made;
  };
  return { rerun, reached, release };
}

test('g13: a second rerun whose start comes when the first has ended starts nothing', async () => {
  const { api, emulators } = hawser;
  const [salesforce, zendesk] = [
    await connected(api, 'salesforce', SALESFORCE_ADMIN),
    await connected(api, 'zendesk', ZENDESK_ADMIN),
  ];
  const body = accountsToOrganizations(salesforce, zendesk, 'now');
  body.definition.steps[0].input.name = '$number(trigger.Name)';
  const recipe = await startedRecipe(api, body);
  await untilPolled(api, recipe);
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Pressed twice' });
  const [failed] = await untilJobs(api, recipe, 'failed', 1);
  body.definition.steps[0].input.name = 'trigger.Name';
  await api.ok('PATCH', `/v1/recipes/${recipe}`, { definition: body.definition });

  const { workspaceId } = (await store.recipes.listForRebuild({ limit: 10_000 })).items.find(
    ({ _id }) => _id === recipe,
  )!;
  const { rerun, reached, release } = heldRerun();
  const late = rerun.handle(workspaceId, { id: failed.id }, {}).catch((error: unknown) => error);
  await Promise.race([reached, late.then((early) => Promise.reject(early))]);
  await api.ok('POST', `/v1/jobs/${failed.id}/rerun`, {});
  await untilJobs(api, recipe, 'succeeded', 1);
  const writes = await emulators.writes('zendesk/acme');
  release();
  await late;
  expect(await api.ok('GET', `/v1/jobs/${failed.id}`)).toMatchObject({ status: 'succeeded', reruns: 1 });
  const runs = temporal.client.workflow.list({ query: `WorkflowId = 'job/${workspaceId}/${failed.id}'` });
  let count = 0;
  for await (const run of runs) count += Number(run.status.name !== 'RUNNING');
  expect(count).toBe(2);
  expect(await emulators.writes('zendesk/acme')).toBe(writes);
  await api.ok('POST', `/v1/recipes/${recipe}/stop`, {});
}, 120_000);
