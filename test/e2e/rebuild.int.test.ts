/** An actor that was terminated by hand is started again from its projection: generation + 1, the vault compared, never over a tombstone. */
import { createConnection as openMongo, type Connection as Mongo } from 'mongoose';
import type { Client } from '@temporalio/client';
import { actorOf, temporalOf } from '../support/actor.js';
import { runEntry } from '../support/child-process.js';
import { authorize, connected, SALESFORCE_ADMIN, statusOf, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { forgeProjection, projectionIn } from '../support/projection.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';

let hawser: Hawser;
let temporal: { client: Client; close(): Promise<void> };
let mongo: Mongo;
beforeAll(async () => {
  hawser = await startHawser('the rebuild counts everything in a database');
  temporal = temporalOf(hawser);
  mongo = await openMongo(hawser.mongoUri).asPromise();
}, 180_000);
afterAll(async () => {
  await mongo?.close();
  await temporal?.close();
  await hawser?.stop();
}, 60_000);
jest.setTimeout(60_000);

const documents = (name: string) => mongo.collection<{ _id: string }>(name);
const rebuild = async (...args: string[]): Promise<Record<string, number>> => {
  const out = await runEntry('dist/bin/worker/rebuild-actors.js', args, hawser.env);
  return JSON.parse(/^REBUILT (.*)$/m.exec(out)?.[1] ?? 'null') as Record<string, number>;
};
const runOf = async (id: string) => (await actorOf(temporal.client, id)).describe();
const viewOf = (id: string) => hawser.api.ok('GET', `/v1/connections/${id}`);

async function terminate(id: string): Promise<void> {
  const actor = await actorOf(temporal.client, id);
  await actor.terminate('by hand');
  await eventually('it to be gone', async () => (await actor.describe()).status.name === 'TERMINATED');
}

async function generationOf(id: string): Promise<number> {
  return (await projectionIn(mongo, id)).generation;
}

test('the vault is newer than the projection: the newest version is adopted, and no token is spent', async () => {
  const { api, emulators } = hawser;
  const id = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const older = await documents('connections').findOne({ _id: id });
  await eventually('a renewal', async () => {
    await api.send('POST', `/v1/connections/${id}/refresh`, {});
    return (await viewOf(id)).version === 2;
  });
  await terminate(id);
  await documents('connections').replaceOne({ _id: id }, older!);
  const refreshes = (await emulators.counts('zendesk/acme')).byGrantType['refresh_token'];

  expect(await rebuild('--only-missing')).toMatchObject({ rebuilt: 1 });
  await eventually('the newest version to be adopted', async () => (await viewOf(id)).version === 2);
  expect(await viewOf(id)).toMatchObject({ id, status: 'connected', version: 2 });
  expect(await generationOf(id)).toBe(2);
  expect((await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof).toMatchObject({ accepted: true });
  expect((await emulators.counts('zendesk/acme')).byGrantType['refresh_token']).toBe(refreshes);
});

test('the vault is behind the projection and the app rotates: rotation_lost, and a reconnect heals it under the same id', async () => {
  const { api } = hawser;
  const id = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Behind');
  await terminate(id);
  await documents('credentials').deleteOne({ _id: `${id}/1` });
  expect(await rebuild('--only-missing')).toMatchObject({ rebuilt: 1 });
  await eventually('the loss to be known', async () => (await statusOf(api, id)) === 'invalid');
  expect(await viewOf(id)).toMatchObject({ reason: { code: 'rotation_lost' } });
  expect((await authorize(api, id, ZENDESK_ADMIN)).end.outcome).toBe('in_force');
  // No version number is given twice, though the vault had forgotten the first one.
  expect((await viewOf(id)).version).toBeGreaterThan(1);
});

test('a tombstone is not rebuilt, nor is one whose projection does not know of the deletion', async () => {
  const { api } = hawser;
  const id = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const living = await documents('connections').findOne({ _id: id });
  await api.ok('DELETE', `/v1/connections/${id}`);
  await eventually('the actor to end', async () => (await runOf(id)).status.name === 'COMPLETED');
  expect(await rebuild()).toMatchObject({ rebuilt: 0, deleted: 1 });
  await documents('connections').replaceOne({ _id: id }, living!);
  expect(await rebuild()).toMatchObject({ rebuilt: 0, deleted: 1 });
  expect((await runOf(id)).status.name).toBe('COMPLETED');
});

test('a running actor is untouched; one that is older than its projection is started again, unless only missing ones are wished', async () => {
  const { api } = hawser;
  const id = await connected(api, 'salesforce', SALESFORCE_ADMIN, 'Running');
  const { runId } = await runOf(id);
  expect(await rebuild()).toMatchObject({ rebuilt: 0, unknown: 0 });
  expect((await runOf(id)).runId).toBe(runId);

  // As after a restore of Temporal's database: the projection tells of a later generation than the actor's.
  const document = await projectionIn(mongo, id);
  const state = JSON.stringify({ ...(JSON.parse(document.state) as object), generation: 5 });
  await forgeProjection(mongo, { ...document, generation: 5, state });
  expect(await rebuild('--only-missing')).toMatchObject({ rebuilt: 0 });
  expect((await runOf(id)).runId).toBe(runId);
  expect(await rebuild()).toMatchObject({ rebuilt: 1 });
  await eventually('the next generation', async () => (await generationOf(id)) === 6);
  expect((await runOf(id)).runId).not.toBe(runId);
  expect(await viewOf(id)).toMatchObject({ status: 'connected', version: 1 });
});
