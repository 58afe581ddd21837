/** Promises 2, 3, 4 and 10 with workers whose clocks are ten minutes off, one ahead and one behind; and with such gateways. */
import { join } from 'node:path';
import { Browser, consent } from '../support/browser.js';
import { connected, createConnection, openLink, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import type { TestProcess } from '../support/child-process.js';
import { RENEWALS } from '../support/emulator-control.js';
import { eventually } from '../support/eventually.js';
import { Api } from '../support/api.js';
import { furtherGateway, furtherWorker } from '../support/further-process.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { untilOld } from '../support/until-old.js';

const TEN_MINUTES = 600_000;
const HALF_AN_HOUR = 1_800_000;
const SHIFTED = join(__dirname, '..', 'support', 'shifted-clock.cjs');

let hawser: Hawser;
let ahead: TestProcess;
let behind: TestProcess;

const shifted = (offMs: number) => ({ NODE_OPTIONS: `--require ${SHIFTED}`, HAWSER_TEST_CLOCK_MS: String(offMs) });
const worker = (name: string, offMs: number): Promise<TestProcess> => furtherWorker(hawser, name, shifted(offMs));

beforeAll(async () => {
  hawser = await startHawser('workers whose clocks are off', { workers: 0 });
  [ahead, behind] = await Promise.all([worker('ahead', TEN_MINUTES), worker('behind', -TEN_MINUTES)]);
}, 300_000);
afterAll(async () => {
  await Promise.all([ahead?.stop(), behind?.stop()]);
  await hawser?.stop();
});

test('g02: tokens of five minutes are used and left alone, whichever worker asks', async () => {
  const { api, emulators } = hawser;
  await emulators.policy('zendesk/acme', { accessTokenTtlSeconds: 300 });
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const { obtainedAt, accessExpiresAt } = await api.ok('GET', `/v1/connections/${zendesk}`);
  expect(Math.abs(obtainedAt - Date.now())).toBeLessThan(30_000);
  expect(accessExpiresAt - obtainedAt).toBe(300_000);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk, 'now'));
  for (let count = 1; count <= 4; count += 1)
    await emulators.createRecord('salesforce/production', 'Account', { Name: `Two clocks ${count}` });
  await untilJobs(api, recipe, 'succeeded', 4);
  expect(await emulators.refreshes('zendesk/acme')).toBe(0);
  expect(await api.ok('GET', `/v1/connections/${zendesk}`)).toMatchObject({ version: 1, status: 'connected' });
  await api.ok('POST', `/v1/recipes/${recipe}/stop`, {});
}, 90_000);

test('g02: the intent of one is never taken for young by the other: a used token is not sent again', async () => {
  const { api, emulators } = hawser;
  const id = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Lost answer');
  await behind.stop();
  const before = await emulators.refreshes('zendesk/acme');
  await emulators.fault({ ...RENEWALS.zendesk, kind: 'delay_after', delayMs: 60_000, times: 1 });
  const asked = api.send('POST', `/v1/connections/${id}/refresh`, {}).catch(() => undefined);
  await eventually('the request at the app', async () => (await emulators.refreshes('zendesk/acme')) === before + 1);
  await ahead.kill();
  behind = await worker('behind-again', -TEN_MINUTES);
  await eventually('the lost answer to be known', async () => {
    const view = await api.ok('GET', `/v1/connections/${id}`);
    return view.status === 'degraded' && view.reason.code === 'renewal_ambiguous';
  });
  expect(await emulators.refreshes('zendesk/acme')).toBe(before + 1);
  await asked;
}, 90_000);

test('g02: at a gateway whose clock is off a press of Refresh renews, and a link lives its half hour at every gateway', async () => {
  await Promise.all([atGateway('behind', -4 * HALF_AN_HOUR), atGateway('ahead', TEN_MINUTES)]);
}, 90_000);

async function atGateway(name: string, offMs: number): Promise<void> {
  const { api } = hawser;
  const gateway = await furtherGateway(hawser, `gateway-${name}`, shifted(offMs));
  const wrong = new Api(gateway.url, api.key);
  try {
    const id = await createConnection(api, 'salesforce', `Gateway ${name}`);
    const begun = await wrong.ok('POST', `/v1/connections/${id}/authorize`, {});
    expect(Math.abs(begun.expiresAt - Date.now() - HALF_AN_HOUR)).toBeLessThan(60_000);
    const { attempt } = await api.ok('GET', `/v1/connections/${id}`);
    expect(Math.abs(attempt.expiresAt - begun.expiresAt)).toBeLessThan(60_000);
    // Each of the two opens the other's link.
    const right = await api.ok('POST', `/v1/connections/${await createConnection(api, 'zendesk', name)}/authorize`, {});
    expect((await wrong.send('GET', new URL(right.url).pathname)).status).toBe(200);
    const browser = new Browser();
    await consent(browser, await openLink(browser, begun.url), SALESFORCE_ADMIN);
    const isConnected = async () => (await api.ok('GET', `/v1/connections/${id}`)).status === 'connected';
    await eventually('the connection', isConnected);

    await untilOld(api, id);
    await api.ok('POST', `/v1/connections/${id}/refresh`, {});
    await untilOld(api, id);
    expect(await wrong.ok('POST', `/v1/connections/${id}/refresh`, {})).toMatchObject({ version: 3 });
  } finally {
    await gateway.process.stop();
  }
}
