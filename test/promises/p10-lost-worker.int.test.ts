/**
 * Promise 10 when the worker is lost (kill -9) before or after it has sent: nothing sent = repeated; sent = looked up by what can be
 * looked up, else stopped and named. The emulator's log counts what was sent.
 */
import { Client, Connection } from '@temporalio/client';
import { temporal as temporalProto } from '@temporalio/proto';
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { jobsOf, startedRecipe, untilJobs, untilPolled } from '../support/recipes.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { mongoProxy } from '../support/store-proxies.js';
import type { TcpProxy } from '../support/tcp-proxy.js';

let hawser: Hawser;
let mongo: TcpProxy;
let temporal: Connection;
let bindings: object;

beforeAll(async () => {
  mongo = await mongoProxy();
  hawser = await startHawser('its workers are killed', {
    env: { HAWSER_LEASE_MS: '500', HAWSER_REQUEST_MS: '5000' },
    workersThrough: { mongo: mongo.address },
  });
  const { api } = hawser;
  const crm = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const help = await connected(api, 'zendesk', ZENDESK_ADMIN);
  bindings = { crm: { app: 'salesforce', connectionId: crm }, help: { app: 'zendesk', connectionId: help } };
  temporal = await Connection.connect({ address: hawser.temporalAddress });
}, 180_000);
afterAll(async () => {
  mongo?.release();
  await temporal?.close();
  await hawser?.stop();
  await mongo?.stop();
}, 60_000);

const writesTo = async (path: string, since: number) =>
  (await hawser.emulators.log({ since })).filter((entry) => entry.method === 'POST' && entry.path.endsWith(path));
const lastSeq = async (): Promise<number> => (await hawser.emulators.log()).at(-1)?.seq ?? 0;

const ORGANIZATION = {
  id: 'organization',
  binding: 'help',
  operation: 'create_or_update_organization',
  input: { external_id: 'trigger.Id', name: 'trigger.Name' },
};
const BY_KEY = { ...ORGANIZATION, operation: 'create_organization' };
const BLIND = {
  id: 'contact',
  binding: 'crm',
  operation: 'create_record',
  input: { object: '"Contact"', fields: '{ "LastName": trigger.Name }' },
};

/** A recipe that gets one record. */
async function begin(name: string, steps: object[]): Promise<string> {
  const trigger = { binding: 'crm', operation: 'new_or_updated_account', input: { since: 'now' } };
  const recipe = await startedRecipe(hawser.api, { name, definition: { trigger, steps, concurrency: 5 }, bindings });
  await untilPolled(hawser.api, recipe);
  await hawser.emulators.createRecord('salesforce/production', 'Account', { Name: name });
  return recipe;
}

/** Whether a worker has taken the activity of the job's present step. */
async function isTaken(recipe: string): Promise<boolean> {
  const client = new Client({ connection: temporal, namespace: hawser.namespace });
  for await (const { workflowId } of client.workflow.list({
    query: `HawserRecipe = '${recipe}' AND WorkflowType = 'jobWorkflow'`,
  })) {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    if (
      raw.pendingActivities?.some(
        ({ state }) => state === temporalProto.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_STARTED,
      )
    )
      return true;
  }
  return false;
}

async function restartWorker(): Promise<void> {
  await hawser.workers[0]?.kill();
  mongo.cut();
  mongo.release();
  await hawser.workers[0]?.start();
}

test.each([
  ['what cannot be looked up', BLIND, '/sobjects/Contact', 'failed'],
  ['what has a key', BY_KEY, '/api/v2/organizations', 'succeeded'],
  ['what may be sent twice', ORGANIZATION, '/organizations/create_or_update', 'succeeded'],
])(
  'p10: lost after the send of %s: sent once',
  async (what, step, path, status) => {
    const { api, emulators } = hawser;
    const seq = await lastSeq();
    await emulators.fault({
      app: step === BLIND ? 'salesforce' : 'zendesk',
      method: 'POST',
      path: `/${path.replaceAll('/', '\\/')}$/`,
      kind: 'delay_after',
      delayMs: 4_000,
      times: 1,
    });
    const recipe = await begin(`Lost after: ${what}`, [step]);
    await eventually(
      'the app to have done it',
      async () => (await writesTo(path, seq)).some((entry) => entry.accepted),
      60_000,
      20,
    );
    await restartWorker();
    const [job] = await untilJobs(api, recipe, status, 1, 120_000);
    expect((await writesTo(path, seq)).map((entry) => entry.accepted)).toHaveLength(1);
    await api.ok('POST', `/v1/recipes/${recipe}/stop`, {});
    const seen = await api.ok('GET', `/v1/jobs/${job.id}`);
    expect(seen.error?.code).toBe(status === 'failed' ? 'outcome_unknown' : undefined);
  },
  180_000,
);

test('p10: lost before anything was sent: repeated and sent once, though it cannot be looked up', async () => {
  const { api, emulators } = hawser;
  const seq = await lastSeq();
  await emulators.fault({
    app: 'zendesk',
    method: 'POST',
    path: '/api/v2/organizations/create_or_update',
    kind: 'delay_after',
    delayMs: 2_000,
    times: 1,
  });
  const recipe = await begin('Lost before', [ORGANIZATION, BLIND]);
  await eventually(
    'the first step to be done at the app',
    async () => (await writesTo('/organizations/create_or_update', seq)).length === 1,
    60_000,
    20,
  );
  // The second step will ask the vault for its token, and get no answer.
  mongo.hold('to_server');
  await eventually('the second step to be under way', async () => {
    const [job] = await jobsOf(api, recipe);
    return (await api.ok('GET', `/v1/jobs/${job.id}`)).steps[1].status === 'running' && (await isTaken(recipe));
  });
  await restartWorker();
  await untilJobs(api, recipe, 'succeeded', 1, 120_000);
  const contacts = await writesTo('/sobjects/Contact', seq);
  expect(contacts.map((entry) => Boolean(entry.accepted))).toEqual([true]);
}, 180_000);
