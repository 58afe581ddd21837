/**
 * The doctor on a live system: nothing is found while all is well, each planted trouble is found and explained, and what it advises
 * heals. Each trouble is mended before the next one, so that every examination tells one thing.
 */
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection as openMongo, type Connection as Mongo } from 'mongoose';
import { Connection, type Client } from '@temporalio/client';
import { actorOf, temporalOf } from '../support/actor.js';
import {
  authorize,
  connected,
  createConnection,
  SALESFORCE_ADMIN,
  statusOf,
  ZENDESK_ADMIN,
} from '../support/connect.js';
import type { Diagnosis } from '../../apps/worker/doctor/run-checks.js';
import { examine, examineHere, foundIn, type Examined } from '../support/doctor.js';
import { eventually } from '../support/eventually.js';
import { forgeProjection, projectionIn } from '../support/projection.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { recordOutcome } from '../support/record-outcome.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { makeNamespace } from '../support/test-namespace.js';
import { expectBrokenRuns } from '../support/watched-namespaces.js';

let hawser: Hawser;
let temporal: { client: Client; close(): Promise<void> };
let mongo: Mongo;
let salesforce: string;
let zendesk: string;
let recipe: string;
beforeAll(async () => {
  hawser = await startHawser('the doctor looks at everything in a database, and faults are planted there');
  temporal = temporalOf(hawser);
  mongo = await openMongo(hawser.mongoUri).asPromise();
  const { api } = hawser;
  salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  await createConnection(api, 'zendesk', 'A draft');
  recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk));
  await untilJobs(api, recipe, 'succeeded', 12, 120_000);
}, 300_000);
afterAll(async () => {
  await mongo?.close();
  await temporal?.close();
  await hawser?.stop();
}, 60_000);
jest.setTimeout(300_000);

const documents = (name: string) => mongo.collection<{ _id: string }>(name);
const keyFile = (name: string): string => join(hawser.dataDir, 'keys', name);

/** Examines until the findings are these (visibility lags); every finding explains itself, and the command says the same. */
async function untilFound(
  expected: string[],
  env: NodeJS.ProcessEnv = hawser.env,
  ...args: string[]
): Promise<Examined> {
  let last: Diagnosis | null = null;
  const wanted = JSON.stringify([...expected].sort());
  const look = async (): Promise<boolean> => JSON.stringify(foundIn((last = await examineHere(env)))) === wanted;
  await eventually(`the findings ${wanted}`, look, 120_000, 250).catch((error: unknown) => {
    throw new Error(`${String(error)}; found: ${JSON.stringify(last?.findings)}`);
  });
  const seen = await examine(env, ...args);
  expect(foundIn(seen)).toEqual([...expected].sort());
  for (const { what, why, next } of seen.findings)
    for (const text of [what, why, next]) expect(text.length).toBeGreaterThan(10);
  expect(seen.code).toBe(seen.findings.some(({ level }) => level === 'problem') ? 1 : 0);
  recordOutcome('stores', `doctor finds ${expected.map((one) => one.split(' ')[0]).join(' + ') || 'nothing'}`, {
    exit: seen.code,
    checks: seen.checked.length,
  });
  return seen;
}

test('a healthy system: every check is run, nothing is found, exit code 0', async () => {
  const { code, healthy, notChecked, checked } = await untilFound([]);
  expect({ code, healthy, notChecked }).toEqual({ code: 0, healthy: true, notChecked: [] });
  expect(checked.length).toBeGreaterThanOrEqual(15);
});

test('a part that is away, or is not ours, is named, and what does not need it is checked all the same', async () => {
  const away = 'mongodb://127.0.0.1:9/hawser?directConnection=true&serverSelectionTimeoutMS=500';
  const noStore = await untilFound(['store_unreachable -'], { ...hawser.env, MONGODB_URI: away });
  expect(noStore.checked).toContain('workers poll the task queues');
  const noTemporal = await untilFound(['temporal_unreachable -'], { ...hawser.env, TEMPORAL_ADDRESS: '127.0.0.1:9' });
  expect(noTemporal.checked).toContain('everything sealed opens');
  await untilFound(['namespace_missing nowhere'], { ...hawser.env, TEMPORAL_NAMESPACE: 'nowhere' });
});

test('an empty Temporal database: no worker, nothing runs, no search attributes', async () => {
  const empty = `${hawser.namespace}-empty`;
  await makeNamespace(hawser.temporalAddress, empty);
  const env = { ...hawser.env, TEMPORAL_NAMESPACE: empty };
  const newborn = (await examine(env)).findings.filter(({ code }) => code !== 'actor_lost');
  expect(newborn.map(({ code }) => code)).toEqual(
    ['no_worker', 'no_worker', 'no_worker', 'no_worker', 'no_worker'].slice(0, newborn.length),
  );
  expect(newborn.length).toBeGreaterThanOrEqual(4);

  const bare = `${hawser.namespace}-bare`;
  const connection = await Connection.connect({ address: hawser.temporalAddress });
  await connection.workflowService.registerNamespace({
    namespace: bare,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await connection.close();
  const found = await eventually('the bare namespace', async () => {
    const seen = await examine({ ...hawser.env, TEMPORAL_NAMESPACE: bare });
    return seen.findings.find(({ code }) => code === 'search_attributes_missing');
  });
  expect(found.next).toContain('temporal operator search-attribute create');
});

test('a connection and a recipe that were terminated by hand are found; --rebuild starts them again', async () => {
  await (await actorOf(temporal.client, zendesk)).terminate('by hand');
  for await (const { workflowId } of temporal.client.workflow.list({
    query: `WorkflowType = 'recipeWorkflow' AND ExecutionStatus = 'Running'`,
  })) {
    await temporal.client.workflow.getHandle(workflowId).terminate('by hand');
  }
  await untilFound([`actor_lost ${zendesk}`, `actor_lost ${recipe}`]);
  const mended = await examine(hawser.env, '--rebuild');
  expect(mended.err).toContain('Started again: 1 connections, 1 recipes.');
  await untilFound([]);
  expect(await statusOf(hawser.api, zendesk)).toBe('connected');
  await hawser.emulators.createRecord('salesforce/production', 'Account', { Name: 'After the rebuild' });
  await untilJobs(hawser.api, recipe, 'succeeded', 13, 120_000);
});

test('a damaged document of the vault, and one that is gone', async () => {
  const { version } = await hawser.api.ok('GET', `/v1/connections/${zendesk}`);
  const _id = `${zendesk}/${version}`;
  const sound = (await documents('credentials').findOne({ _id }))! as unknown as { _id: string; sealed: string };
  const sealed = sound.sealed.replace(/"tag":"./, (start) => start.slice(0, -1) + (start.endsWith('A') ? 'B' : 'A'));
  expect(sealed).not.toBe(sound.sealed);
  await documents('credentials').updateOne({ _id }, { $set: { sealed } });
  await untilFound([`vault_damaged credentials/${_id}`]);
  await documents('credentials').deleteOne({ _id });
  await untilFound([`credential_missing ${zendesk}`]);
  await documents('credentials').insertOne(sound);
  await untilFound([]);
});

test('a key that is missing from the keyring, a keyring that others can read, one that is gone', async () => {
  const path = keyFile('vault.private.json');
  const whole = readFileSync(path, 'utf8');
  const boxes = [
    ...(await documents('credentials').find().toArray()).map((one) => `credentials/${one._id}`),
    ...(await documents('appclients').find().toArray()).map((one) => `appclients/${one._id}`),
  ];
  const other = JSON.parse(whole) as { keys: { kid: string }[] };
  const { kid } = other.keys[0]!;
  other.keys[0]!.kid = 'another-key';
  // Else it is parked for the missing key whenever it polls, and the findings depend on the moment.
  await hawser.api.ok('POST', `/v1/recipes/${recipe}/stop`, {});
  writeFileSync(path, JSON.stringify(other));
  await untilFound(['keyrings_apart -', `key_not_spread ${kid}`, ...boxes.map((name) => `key_missing ${name}`)]);
  writeFileSync(path, whole);
  // The worker reads it anew; what it cannot read after that leaves it with what it has.
  await untilFound([]);
  chmodSync(path, 0o644);
  await untilFound(['keys_unreadable vault keyring']);
  chmodSync(path, 0o600);
  renameSync(path, `${path}.away`);
  await untilFound(['keys_unreadable vault keyring']);
  renameSync(`${path}.away`, path);
  writeFileSync(join(hawser.dataDir, 'api-key.txt'), 'hk_planted', { mode: 0o644 });
  await untilFound([`key_file_mode ${join(hawser.dataDir, 'api-key.txt')}`]);
  chmodSync(join(hawser.dataDir, 'api-key.txt'), 0o600);
  await untilFound([]);
});

test('an app client that is gone', async () => {
  const { appClientId } = await hawser.api.ok('GET', `/v1/connections/${zendesk}`);
  const kept = (await documents('appclients').findOne({ _id: appClientId }))!;
  await documents('appclients').deleteOne({ _id: appClientId });
  await untilFound([`app_client_missing ${zendesk}`]);
  await documents('appclients').insertOne(kept);
  await untilFound([]);
});

test('a projection of the past: what the actor and the vault know is not taken for a trouble', async () => {
  const older = (await documents('connections').findOne({ _id: zendesk }))!;
  const before = (await hawser.api.ok('GET', `/v1/connections/${zendesk}`)).version;
  await eventually('a renewal', async () => {
    await hawser.api.send('POST', `/v1/connections/${zendesk}/refresh`, {});
    return (await hawser.api.ok('GET', `/v1/connections/${zendesk}`)).version > before;
  });
  const present = (await documents('connections').findOne({ _id: zendesk }))!;
  await documents('connections').replaceOne({ _id: zendesk }, older);
  // Shown wrongly, but nothing is lost.
  await untilFound([`projection_stale ${zendesk}`]);
  await documents('connections').replaceOne({ _id: zendesk }, present);
  await untilFound([]);
});

test('an actor that is older than its projection', async () => {
  const document = await projectionIn(mongo, salesforce);
  const generation = 5;
  await forgeProjection(mongo, {
    ...document,
    generation,
    state: JSON.stringify({ ...(JSON.parse(document.state) as object), generation }),
  });
  await untilFound([`actor_older ${salesforce}`]);
  expect((await examine(hawser.env, '--rebuild')).err).toContain('Started again: 1 connections, 0 recipes.');
  await untilFound([]);
});

test('a workflow whose tasks fail again and again', async () => {
  const workflowId = 'connection/ws_planted/con_planted';
  expectBrokenRuns(/con_planted: workflow task failed/);
  const handle = await temporal.client.workflow.start('connectionWorkflow', {
    workflowId,
    taskQueue: 'connections',
    args: [{ state: { v: 99 } }],
  });
  await untilFound([`task_failures ${workflowId}`]);
  await handle.terminate('planted');
  await untilFound([]);
});

test('a connection that needs a person', async () => {
  await hawser.emulators.revoke('zendesk/acme');
  await hawser.api.ok('POST', `/v1/connections/${zendesk}/verify`, {});
  await eventually('the loss', async () => (await statusOf(hawser.api, zendesk)) === 'invalid');
  const { findings } = await untilFound([`connection_invalid ${zendesk}`]);
  expect(findings[0]!.next).toContain('connect link');
  expect((await authorize(hawser.api, zendesk, ZENDESK_ADMIN)).end.outcome).toBe('in_force');
  await untilFound([]);
});
