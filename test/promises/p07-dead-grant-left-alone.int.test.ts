/** Promise 7: a dead grant is left alone: no timer, no call, whatever jobs send. Only a person may cause a call. */
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { actorOf, temporalOf } from '../support/actor.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';
import { ensureFreshUpdate, refreshSignal, verifySignal, verifyUpdate } from '#workflows/connection/messages.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser('brief')), 120_000);
afterAll(() => hawser?.stop());

test('p07: jobs, polls, and every message of a job cause no call; a person verify causes one', async () => {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now'));
  await emulators.revoke('zendesk/acme');
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Finds it dead' });
  await untilJobs(api, recipe, 'waiting', 1);
  await eventually('invalid', async () => (await api.ok('GET', `/v1/connections/${zendesk}`)).status === 'invalid');
  const calls = async () => (await emulators.log({ app: 'zendesk' })).length;
  const before = await calls();

  const { client, close } = temporalOf(hawser);
  try {
    const actor = await actorOf(client, zendesk);
    const timers = async () => (await actor.describe()).raw.pendingActivities?.length ?? 0;
    for (let round = 0; round < 10; round += 1) {
      await actor.signal(refreshSignal, { by: 'job' });
      await actor.signal(verifySignal, { by: 'job' });
    }
    await actor.executeUpdate(verifyUpdate, { args: [{ by: 'job', seenProof: 99, requirements: [] }] });
    const lease = await actor.executeUpdate(ensureFreshUpdate, {
      args: [{ by: 'job', seenVersion: 1, rejected: true }],
    });
    expect(lease).toMatchObject({ kind: 'no', code: 'grant_revoked' });
    expect(await timers()).toBe(0);
    const history = await actor.fetchHistory();
    const started = history.events?.filter((event) => event.timerStartedEventAttributes).length ?? 0;
    const ended =
      history.events?.filter((event) => event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes).length ??
      0;
    expect(started).toBe(ended);
  } finally {
    await close();
  }
  for (let index = 0; index < 3; index += 1)
    await emulators.createRecord('salesforce/production', 'Account', { Name: `More ${index}` });
  await eventually(
    'the job to have looked again',
    async () => (await api.ok('GET', `/v1/recipes/${recipe}`)).status === 'waiting',
  );
  expect(await calls()).toBe(before);
  await api.send('POST', `/v1/connections/${zendesk}/verify`, {});
  expect(await calls()).toBeGreaterThan(before);
}, 120_000);
