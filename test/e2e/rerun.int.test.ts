/** Reruns through the API: the newest version or a named one, of failed, cancelled and waiting jobs; nothing older over newer data. */
import { connectStore } from '#store/connect-store.js';
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { accountsToOrganizations, createRecipe, untilJobs, untilPolled } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import { eventually } from '../support/eventually.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
let salesforce: string;
let zendesk: string;
beforeAll(async () => {
  hawser = await borrowHawser();
  salesforce = await connected(hawser.api, 'salesforce', SALESFORCE_ADMIN);
  zendesk = await connected(hawser.api, 'zendesk', ZENDESK_ADMIN);
}, 120_000);
afterAll(() => hawser?.stop());

/** A recipe from now on whose step maps the name by this expression. */
async function started(name: string): Promise<{ id: string; body: ReturnType<typeof accountsToOrganizations> }> {
  const body = accountsToOrganizations(salesforce, zendesk, 'now');
  body.definition.steps[0]!.input['name'] = name;
  const id = await createRecipe(hawser.api, body);
  await hawser.api.ok('POST', `/v1/recipes/${id}/start`, {});
  return { id, body };
}

async function correct({ id, body }: Awaited<ReturnType<typeof started>>, name: string): Promise<void> {
  body.definition.steps[0]!.input['name'] = name;
  await hawser.api.ok('PATCH', `/v1/recipes/${id}`, { definition: body.definition });
}

const organizationWrites = async (): Promise<number> =>
  (await hawser.emulators.log({ app: 'zendesk' })).filter(({ path }) => path.includes('create_or_update')).length;

test('g13: after the mapping was corrected, a rerun runs the new version, or the one that is named', async () => {
  const { api, emulators } = hawser;
  const recipe = await started('$number(trigger.Name)');
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Corrected' });
  const [failed] = await untilJobs(api, recipe.id, 'failed', 1);
  await correct(recipe, 'trigger.Name');
  expect(await api.send('POST', `/v1/jobs/${failed.id}/rerun`, { version: 9 })).toMatchObject({
    status: 400,
    body: { code: 'request_invalid', pointer: '/version' },
  });
  await api.ok('POST', `/v1/jobs/${failed.id}/rerun`, { version: 1 });
  await eventually('the old version fails again', async () => {
    const job = await api.ok('GET', `/v1/jobs/${failed.id}`);
    return job.reruns === 1 && job.status === 'failed';
  });
  await api.ok('POST', `/v1/jobs/${failed.id}/rerun`, {});
  await untilJobs(api, recipe.id, 'succeeded', 1);
  expect(await api.ok('GET', `/v1/jobs/${failed.id}`)).toMatchObject({ recipeVersion: 2, reruns: 2 });
  await api.ok('POST', `/v1/recipes/${recipe.id}/stop`, {});
}, 120_000);

test('g13: a cancelled job is rerun once by two who press at once; an older one is refused, naming the newer, unless forced', async () => {
  const { api, emulators } = hawser;
  const recipe = await started('$number(trigger.Name)');
  const account = await emulators.createRecord('salesforce/production', 'Account', { Name: 'First name' });
  const [older] = await untilJobs(api, recipe.id, 'failed', 1);
  await correct(recipe, 'trigger.Name');
  // The next change waits for a right, is cancelled, and rerun.
  await emulators.rights('zendesk/acme', { username: ZENDESK_ADMIN.username, role: 'agent' });
  await emulators.changeRecord('salesforce/production', 'Account', String(account['Id']), { Name: 'Second name' });
  const [waiting] = await untilJobs(api, recipe.id, 'waiting', 1);
  await api.ok('POST', `/v1/jobs/${waiting.id}/cancel`, {});
  await untilJobs(api, recipe.id, 'cancelled', 1);
  await emulators.rights('zendesk/acme', { username: ZENDESK_ADMIN.username, role: 'admin' });
  const before = await organizationWrites();
  const pressed = await Promise.all([1, 2].map(() => api.send('POST', `/v1/jobs/${waiting.id}/rerun`, {})));
  expect(pressed.map(({ status }) => (status === 409 ? 202 : status))).toEqual([202, 202]);
  await untilJobs(api, recipe.id, 'succeeded', 1);
  // Once more, when it has ended: nothing is done twice.
  expect((await api.send('POST', `/v1/jobs/${waiting.id}/rerun`, {})).status).toBe(409);
  expect(await api.ok('GET', `/v1/jobs/${waiting.id}`)).toMatchObject({ status: 'succeeded', reruns: 1 });
  expect(await organizationWrites()).toBe(before + 1);
  expect((await api.ok('GET', `/v1/jobs?recipeId=${recipe.id}&status=cancelled`)).items).toEqual([]);

  const refused = await eventually('the newer job is visible', async () => {
    const answer = await api.send('POST', `/v1/jobs/${older.id}/rerun`, {});
    return answer.status === 409 && answer;
  });
  expect(refused.body).toMatchObject({ code: 'conflict', users: [{ type: 'job', id: waiting.id }] });
  await api.ok('POST', `/v1/jobs/${older.id}/rerun`, { force: true });
  await untilJobs(api, recipe.id, 'succeeded', 2);
  await api.ok('POST', `/v1/recipes/${recipe.id}/stop`, {});
}, 120_000);

test('g13: a waiting job is cancelled to its end and rerun', async () => {
  const { api, emulators } = hawser;
  const recipe = await started('trigger.Name');
  await emulators.fault({
    app: 'zendesk',
    path: '/api/v2/organizations/create_or_update',
    kind: 'status',
    status: 403,
    body: { error: { title: 'Forbidden', message: 'You do not have access to this page.' } },
    times: 1,
  });
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Waiting' });
  const [waiting] = await untilJobs(api, recipe.id, 'waiting', 1);
  expect(await api.ok('POST', `/v1/jobs/${waiting.id}/rerun`, {})).toMatchObject({ reruns: 1 });
  await untilJobs(api, recipe.id, 'succeeded', 1);
  await api.ok('POST', `/v1/recipes/${recipe.id}/stop`, {});
}, 120_000);

test('g14: a change that was stored but never reached the recipe is told at its next start: what is shown is what runs', async () => {
  const { api, emulators, mongoUri } = hawser;
  const body = accountsToOrganizations(salesforce, zendesk, 'now');
  body.definition.steps[0].input.name = '$number(trigger.Name)';
  const id = await createRecipe(api, body);
  const store = await connectStore({ uri: mongoUri });
  try {
    // As a PATCH whose update of the workflow was answered 503 before it was sent.
    const stored = (await store.recipes.listForRebuild({ limit: 10_000 })).items.find(({ _id }) => _id === id)!;
    body.definition.steps[0].input.name = 'trigger.Name';
    await store.recipes.change(stored.workspaceId, id, 1, { ...stored, definition: body.definition });
  } finally {
    await store.close();
  }
  expect(await api.ok('GET', `/v1/recipes/${id}`)).toMatchObject({ version: 2 });
  await api.ok('POST', `/v1/recipes/${id}/start`, {});
  await untilPolled(api, id);
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'By the new version' });
  const [job] = await untilJobs(api, id, 'succeeded', 1);
  expect(await api.ok('GET', `/v1/jobs/${job.id}`)).toMatchObject({ recipeVersion: 2 });
  await api.ok('POST', `/v1/recipes/${id}/stop`, {});
}, 120_000);
