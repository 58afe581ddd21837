/** The peer's faults around consent: whose browser, whose id, what happens when the screen goes away, and what is left at the app. */
import { createConnection as openSocket } from 'node:net';
import { Browser } from '../support/browser.js';
import { callbackUrl } from '../support/callback-url.js';
import {
  connected,
  createConnection,
  SALESFORCE_ADMIN,
  SALESFORCE_CLIENT,
  statusOf,
  ZENDESK_ADMIN,
} from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';
import { tally } from './measure.js';
import { measured } from './rival-faults.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 400_000);
afterAll(() => hawser?.stop(), 60_000);
jest.setTimeout(200_000);

test('R-14 the callback is bound to the browser that began: the same address from another one stores nothing', async () => {
  const { api } = hawser;
  const id = await createConnection(api, 'salesforce', 'Bound');
  const { url } = await api.ok('POST', `/v1/connections/${id}/authorize`, {});
  const browser = new Browser();
  const callback = await callbackUrl(browser, url);
  const other = (await new Browser().open(callback)).status;
  const between = await api.ok('GET', `/v1/connections/${id}`);
  const own = (await browser.open(callback)).status;
  await eventually('connected', async () => (await statusOf(api, id)) === 'connected');
  measured(
    'R-14',
    `another browser with the whole callback address: ${other}, connection still ${between.status}; the browser that began: ${own}`,
  );
  expect(other).toBeGreaterThanOrEqual(400);
  expect(between).toMatchObject({ status: 'draft', version: 0 });
  expect(own).toBe(200);
});

test('R-15 ids are given by the server only, and the id of another workspace opens nothing', async () => {
  const { api } = hawser;
  const client = await api.ok('POST', '/v1/app-clients', SALESFORCE_CLIENT);
  const wish = { app: 'salesforce', name: 'Chosen', settings: { environment: 'production' }, appClientId: client.id };
  const chosen = await Promise.all(
    ['id', 'connectionId', '_id', 'workspaceId'].map((field) =>
      api.send('POST', '/v1/connections', { ...wish, [field]: 'chosen-by-client' }),
    ),
  );
  const id = await createConnection(api, 'salesforce', 'Guarded');
  const stranger = await hawser.workspace('Strangers');
  const foreign = await Promise.all([
    stranger.send('GET', `/v1/connections/${id}`),
    stranger.send('POST', `/v1/connections/${id}/authorize`, {}),
    stranger.send('POST', `/v1/connections/${id}/refresh`, {}),
    stranger.send('POST', '/v1/connections/chosen-by-client/authorize', {}),
  ]);
  measured(
    'R-15',
    `creation with an id of one's own: ${tally(chosen.map(({ status }) => status))}; another workspace's id: ${tally(foreign.map(({ status }) => status))}`,
  );
  expect(chosen.every(({ status }) => status === 422 || status === 400)).toBe(true);
  expect(foreign.every(({ status }) => status === 404)).toBe(true);
});

test('R-16 the screen goes away in the middle of the callback: the connection is made all the same, and anyone may read how it ended', async () => {
  const { api } = hawser;
  const id = await createConnection(api, 'salesforce', 'Closed window');
  const { url, attemptId } = await api.ok('POST', `/v1/connections/${id}/authorize`, {});
  const browser = new Browser();
  const callback = new URL(await callbackUrl(browser, url));
  const socket = openSocket(Number(callback.port), callback.hostname);
  socket.write(
    `GET ${callback.pathname}${callback.search} HTTP/1.1\r\nHost: ${callback.host}\r\nAccept: text/html\r\nCookie: ${browser.cookieFor(callback.href)}\r\n\r\n`,
  );
  // Nothing of the answer is read; the window closes as soon as the gateway has taken the callback.
  const attempt = () => api.ok('GET', `/v1/connections/${id}/attempts/${attemptId}`);
  await eventually('the callback to be taken', async () => (await attempt()).status !== 'opened', 20_000, 20);
  socket.destroy();
  const { end } = await eventually(
    'the attempt to end',
    async () => (await attempt()).end !== null && (await attempt()),
  );
  const upgrade = await api
    .send('GET', '/v1/connections', undefined, { upgrade: 'websocket', connection: 'Upgrade' })
    .then(
      ({ status }) => String(status),
      () => 'refused',
    );
  measured(
    'R-16',
    `window closed during the callback: attempt ended ${end.outcome}; there is no WebSocket to drop (upgrade: ${upgrade})`,
  );
  expect(end.outcome).toBe('in_force');
  expect(upgrade).not.toBe('101');
});

test('R-17 disconnect and delete revoke at the provider, whichever way that has', async () => {
  const { api, emulators } = hawser;
  const made = {
    'salesforce/production': await connected(api, 'salesforce', SALESFORCE_ADMIN, 'Revoked'),
    'zendesk/acme': await connected(api, 'zendesk', ZENDESK_ADMIN, 'Revoked'),
  };
  const told: string[] = [];
  for (const [org, id] of Object.entries(made)) {
    const before = (await emulators.counts(org)).revokes;
    if (org.startsWith('zendesk')) await api.ok('DELETE', `/v1/connections/${id}?force=true`);
    else await api.ok('POST', `/v1/connections/${id}/disconnect`, { confirm: true });
    const count = await eventually(
      `the revocation at ${org}`,
      async () => (await emulators.counts(org)).revokes - before || false,
    );
    told.push(`${org}: ${count} revocation`);
    expect(count).toBe(1);
  }
  measured('R-17', `disconnected and deleted: ${told.join(', ')}`);
});
