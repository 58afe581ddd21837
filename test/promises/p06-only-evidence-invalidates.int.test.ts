/** Promise 6: time-outs, 5xx, 429, HTML, closed sockets, invalid_client and 403 never invalidate; invalid_grant does. */
import { connected, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import { untilOld } from '../support/until-old.js';
import type { BorrowedHawser } from '../support/start-hawser.js';
import type { Fault } from '../support/emulator-control.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop());

const connect = (name: string): Promise<string> => connected(hawser.api, 'zendesk', ZENDESK_ADMIN, name);
const view = (id: string) => hawser.api.ok('GET', `/v1/connections/${id}`);
const refresh = (id: string) => hawser.api.ok('POST', `/v1/connections/${id}/refresh`, {});
const json = { 'content-type': 'application/json' };

const REFUSED: [string, Omit<Fault, 'path'>][] = [
  ['503', { kind: 'status', status: 503, body: 'down' }],
  ['429 with Retry-After', { kind: 'status', status: 429, headers: { 'retry-after': '1' }, body: 'slow down' }],
  [
    'invalid_client',
    {
      kind: 'status',
      status: 401,
      headers: json,
      body: { error: 'invalid_client', error_description: 'unknown client' },
    },
  ],
];

test.each(REFUSED)(
  'p06: %s at the token endpoint invalidates nothing, and the next renewal works',
  async (name, fault) => {
    const id = await connect(name);
    await hawser.emulators.fault({ app: 'zendesk', path: '/oauth/tokens', times: -1, ...fault });
    const troubled = await refresh(id);
    expect(troubled.status).toBe('degraded');
    expect(troubled.nextStep).not.toMatch(/Press Connect|^Reconnect/);
    await hawser.emulators.clearFaults();
    expect(await refresh(id)).toMatchObject({ status: 'connected', version: expect.any(Number) });
  },
  60_000,
);

const LOST: [string, Omit<Fault, 'path'>][] = [
  ['502 of a gateway', { kind: 'status', status: 502, body: 'bad gateway' }],
  [
    'an HTML page with 200',
    { kind: 'status', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sorry</html>' },
  ],
  ['a socket closed without an answer', { kind: 'close_before' }],
];

test.each(LOST)(
  'p06: %s at a strict app: the living token serves on, and the renewal is repeated near its end',
  async (name, fault) => {
    const { emulators } = hawser;
    // "Near its end" is 30 s before: a life of 38 s brings it within seconds.
    await emulators.policy('zendesk/acme', { accessTokenTtlSeconds: 38 });
    const id = await connect(name);
    await emulators.fault({ app: 'zendesk', path: '/oauth/tokens', times: 1, ...fault });
    const troubled = await refresh(id);
    expect(troubled).toMatchObject({ status: 'degraded', reason: { code: 'renewal_ambiguous' }, version: 1 });
    await eventually(
      'the repeated renewal',
      async () => (await view(id)).status === 'connected' && (await view(id)).version > 1,
    );
    await emulators.policy('zendesk/acme', { accessTokenTtlSeconds: 1_800 });
  },
  90_000,
);

test('p06: 403 from the API is an issue of the step, not of the connection', async () => {
  const { api, emulators } = hawser;
  const id = await connect('403');
  await emulators.fault({
    app: 'zendesk',
    path: '/api/v2/users/me',
    kind: 'status',
    status: 403,
    headers: json,
    body: { error: 'Forbidden', description: 'You are missing the following required scopes: users:read, read' },
  });
  const verified = await api.ok('POST', `/v1/connections/${id}/verify`, {});
  expect(verified.status).toBe('connected');
}, 60_000);

test('p06: invalid_grant is evidence', async () => {
  const { api, emulators } = hawser;
  const id = await connect('Evidence');
  // A younger version is verified, not renewed, and its refusal is no evidence yet.
  await untilOld(api, id);
  await emulators.revoke('zendesk/acme');
  await refresh(id);
  await api.send('POST', `/v1/connections/${id}/verify`, {});
  expect(await view(id)).toMatchObject({ status: 'invalid', reason: { code: 'grant_revoked' } });
}, 60_000);
