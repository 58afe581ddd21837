/**
 * Records the committed histories again, from the real stack and with the fixed test key. Do so only when a change of workflow code is
 * meant to break old runs (never after a release: then it needs a patch marker, and the old histories stay):
 *
 *   npm run build && HAWSER_TEST_TEMPORAL=… HAWSER_TEST_MONGO=… npx jest --runInBand --testMatch '<rootDir>/test/replay/record-histories.ts'
 *
 * The connection's history holds authorization, renewal, loss and reconnect; the job's one parks and is woken; the recipe polls.
 */
import type { Client } from '@temporalio/client';
import { actorOf, temporalOf } from '../support/actor.js';
import { authorize, connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { testPayloadKeyring, writeHistory } from './history-files.js';

let hawser: Hawser;
let temporal: { client: Client; close(): Promise<void> };
beforeAll(async () => {
  process.env['HAWSER_KEYRING_PAYLOAD'] = testPayloadKeyring();
  hawser = await startHawser('its payload key stands in git', {
    env: { HAWSER_KEYRING_PAYLOAD: testPayloadKeyring() },
  });
  temporal = temporalOf(hawser);
}, 120_000);
afterAll(async () => {
  await temporal?.close();
  await hawser?.stop();
}, 60_000);

test('records', async () => {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  await api.ok('GET', `/v1/connections/${salesforce}/metadata/objects`);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now'));
  await eventually(
    'a renewal',
    async () => {
      await api.send('POST', `/v1/connections/${zendesk}/refresh`, {});
      return (await api.ok('GET', `/v1/connections/${zendesk}`)).version === 2;
    },
    30_000,
    6_000,
  );
  await emulators.revoke('zendesk/acme');
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Recorded' });
  await untilJobs(api, recipe, 'waiting', 1);
  expect((await authorize(api, zendesk, ZENDESK_ADMIN)).end.outcome).toBe('in_force');
  const [job] = await untilJobs(api, recipe, 'succeeded', 1);
  await api.ok('POST', `/v1/recipes/${recipe}/stop`, {});

  const record = async (name: string, query: string): Promise<void> => {
    const found = await eventually(name, async () => {
      for await (const execution of temporal.client.workflow.list({ query })) return execution;
      return null;
    });
    writeHistory(name, await temporal.client.workflow.getHandle(found.workflowId, found.runId).fetchHistory());
  };
  writeHistory('connection', await (await actorOf(temporal.client, zendesk)).fetchHistory());
  await record('recipe', `WorkflowType = 'recipeWorkflow'`);
  await record('job', `WorkflowType = 'jobWorkflow' AND WorkflowId = 'job/${await workspaceOf(recipe)}/${job.id}'`);
  await record('metadata', `WorkflowType = 'metadataWorkflow'`);
}, 180_000);

async function workspaceOf(recipe: string): Promise<string> {
  for await (const { workflowId } of temporal.client.workflow.list({ query: `WorkflowType = 'recipeWorkflow'` })) {
    const [, workspaceId = '', id] = workflowId.split('/');
    if (id === recipe) return workspaceId;
  }
  throw new Error('No recipe.');
}
