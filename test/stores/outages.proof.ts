/**
 * MongoDB, then Temporal, gone while every step is under way or begun (15 s; 60 s with HAWSER_PROOF=full): the doctor says so, nothing
 * loops at the apps, and when the store is back everything stands: one token call for each renewal and exchange, each record written once
 * in the app, nobody asked to reconnect.
 */
import { examine, foundIn } from '../support/doctor.js';
import { eventually } from '../support/eventually.js';
import { recordOutcome } from '../support/record-outcome.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { mongoProxy, temporalProxy } from '../support/store-proxies.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { throughOutage } from './outage.js';

let hawser: Hawser;
let mongo: TcpProxy;
let temporal: TcpProxy;
beforeAll(async () => {
  mongo = await mongoProxy();
  temporal = await temporalProxy();
  const through = { mongo: mongo.address, temporal: temporal.address };
  hawser = await startHawser('its servers go away', { workersThrough: through, gatewayThrough: through });
}, 180_000);
afterAll(async () => {
  mongo?.comeBack();
  temporal?.comeBack();
  await hawser?.stop();
  await Promise.all([mongo?.stop(), temporal?.stop()]);
}, 90_000);
jest.setTimeout(600_000);

const through = (): NodeJS.ProcessEnv => ({
  ...hawser.env,
  TEMPORAL_ADDRESS: temporal.address,
  MONGODB_URI: String(hawser.env.MONGODB_URI).replace(/\/\/[^/]+\//, `//${mongo.address}/`),
});
const healthy = (): Promise<unknown> =>
  eventually('the doctor to find nothing', async () => foundIn(await examine(hawser.env)).length === 0, 120_000, 1_000);

test('MongoDB is gone', async () => {
  const outcome = await throughOutage(hawser, [mongo], async () => {
    expect(foundIn(await examine(through()))).toEqual(['store_unreachable -']);
  });
  recordOutcome('stores', 'MongoDB gone at each step', outcome);
  // One renewal, two exchanges; a record before and one while it was gone.
  expect(outcome.tokenCalls).toBe(3);
  expect(outcome.writes).toBe(2);
  await healthy();
});

test('Temporal is gone', async () => {
  const outcome = await throughOutage(hawser, [temporal], async () => {
    expect(foundIn(await examine(through()))).toEqual(['temporal_unreachable -']);
  });
  recordOutcome('stores', 'Temporal gone at each step', outcome);
  expect(outcome.tokenCalls).toBe(3);
  expect(outcome.writes).toBe(2);
  await healthy();
});
