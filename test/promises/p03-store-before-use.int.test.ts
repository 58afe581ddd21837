/** Promise 3: a new version is in the vault before anybody may use it. Two kills: between answer and store, between store and report; and a store that is away meanwhile. */
import { createConnection as openMongo } from 'mongoose';
import { connected, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { mongoProxy, temporalProxy } from '../support/store-proxies.js';
import type { TcpProxy } from '../support/tcp-proxy.js';

let hawser: Hawser;
let mongo: TcpProxy;
let temporal: TcpProxy;
beforeAll(async () => {
  mongo = await mongoProxy();
  temporal = await temporalProxy();
  hawser = await startHawser('its worker is killed, behind proxies that hold frames', {
    workersThrough: { mongo: mongo.address, temporal: temporal.address },
  });
}, 300_000);
afterAll(async () => {
  mongo?.release();
  temporal?.release();
  await hawser?.stop();
  await Promise.all([mongo?.stop(), temporal?.stop()]);
}, 60_000);

const refreshes = () => hawser.emulators.refreshes('zendesk/acme');
const view = (id: string) => hawser.api.ok('GET', `/v1/connections/${id}`);

async function stored(id: string, version: number): Promise<boolean> {
  const db = await openMongo(hawser.mongoUri).asPromise();
  try {
    return (await db.collection('credentials').findOne({ _id: `${id}/${version}` as never })) !== null;
  } finally {
    await db.close();
  }
}

async function restartWorker(): Promise<void> {
  await hawser.workers[0]?.kill();
  // What the dead worker had in flight is gone with it.
  mongo.cut();
  temporal.cut();
  mongo.release();
  temporal.release();
  await hawser.workers[0]?.start();
}

test('p03: killed between store and report: the stored version is adopted, the refresh token is spent once', async () => {
  const { api, emulators } = hawser;
  const id = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Store and report');
  const before = await refreshes();
  await emulators.fault({ app: 'zendesk', path: '/oauth/tokens', kind: 'delay_after', delayMs: 1_000 });
  const asked = api.send('POST', `/v1/connections/${id}/refresh`, {}).catch(() => undefined);
  await eventually('the app to have rotated', async () => (await refreshes()) === before + 1, 20_000, 20);
  temporal.hold('to_server');
  await eventually('version 2 to be stored', () => stored(id, 2));
  await restartWorker();
  const after = await eventually('version 2 to be in force', async () => {
    const seen = await view(id);
    return seen.version === 2 && seen;
  });
  expect(after.status).toBe('connected');
  expect(await refreshes()).toBe(before + 1);
  expect((await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof).toMatchObject({
    accepted: true,
    version: 2,
  });
  await asked;
}, 120_000);

test('p03: killed between answer and store: the answer is lost, the actor says rotation_lost and does not loop', async () => {
  const { api, emulators } = hawser;
  const id = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Answer and store');
  const before = await refreshes();
  await emulators.fault({ app: 'zendesk', path: '/oauth/tokens', kind: 'delay_after', delayMs: 1_000 });
  const asked = api.send('POST', `/v1/connections/${id}/refresh`, {}).catch(() => undefined);
  await eventually('the app to have rotated', async () => (await refreshes()) === before + 1, 20_000, 20);
  mongo.hold('to_server');
  // The answer arrives after the delay; nothing can be stored. Only then comes the kill.
  await eventually(
    'the answer to have arrived',
    async () =>
      (await emulators.log({ app: 'zendesk', path: '/oauth/tokens' })).at(-1)?.status !== undefined && Date.now(),
  );
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await stored(id, 2)).toBe(false);
  await restartWorker();
  // The app has killed the old access token with the rotation: the proof is refused, and the one repeat finds the refresh token dead.
  await eventually('the ambiguous renewal to be seen', async () => (await view(id)).status !== 'connected');
  await api.send('POST', `/v1/connections/${id}/verify`, {});
  const lost = await eventually('rotation_lost', async () => {
    const seen = await view(id);
    return seen.status === 'invalid' && seen;
  });
  expect(lost.reason.code).toBe('rotation_lost');
  const spent = await refreshes();
  expect(spent).toBeLessThanOrEqual(before + 2);
  await api.send('POST', `/v1/connections/${id}/refresh`, {});
  expect(await refreshes()).toBe(spent);
  await asked;
}, 120_000);

test.each([
  ['slow', false],
  ['gone, and what was sent to it is lost', true],
])(
  'p03: the store is %s while the answer is in hand: it is stored when the store is back, and nothing is spent again',
  async (name, swallowed) => {
    const { api, emulators } = hawser;
    const id = await connected(api, 'zendesk', ZENDESK_ADMIN, `Store ${name}`);
    const before = await refreshes();
    await emulators.fault({ app: 'zendesk', path: '/oauth/tokens', kind: 'delay_after', delayMs: 1_000, times: 1 });
    const asked = api.send('POST', `/v1/connections/${id}/refresh`, {}).catch(() => undefined);
    await eventually('the app to have rotated', async () => (await refreshes()) === before + 1, 20_000, 20);
    mongo.hold('to_server');
    // Longer than the activity's heartbeat time-out: the server may have given it up, and another try may stand at the store's door.
    const until = Date.now() + 9_000;
    await eventually('the store to have been away for a while', async () => Date.now() > until);
    expect(await stored(id, 2)).toBe(false);
    if (swallowed) mongo.cut();
    mongo.release();
    const after = await eventually(
      'version 2 to be in force',
      async () => {
        const seen = await view(id);
        return seen.version === 2 && seen.status === 'connected' && seen;
      },
      90_000,
    );
    expect(after.reason).toBeNull();
    expect(await refreshes()).toBe(before + 1);
    expect((await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof).toMatchObject({
      accepted: true,
      version: 2,
    });
    await asked;
  },
  150_000,
);
