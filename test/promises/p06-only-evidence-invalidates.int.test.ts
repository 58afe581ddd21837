/** Promise 6: time-outs, 5xx, 429, HTML, closed sockets, invalid_client and 403 never invalidate; invalid_grant does. */
import { connected, ZENDESK_ADMIN } from '../support/connect.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import type { Fault } from '../support/emulator-control.js';

let hawser: Hawser;
let id: string;
beforeAll(async () => {
  hawser = await startHawser();
  id = await connected(hawser.api, 'zendesk', ZENDESK_ADMIN);
}, 120_000);
afterAll(() => hawser?.stop());

const refresh = () => hawser.api.ok('POST', `/v1/connections/${id}/refresh`, {});
const json = { 'content-type': 'application/json' };

const TRANSIENT: [string, Omit<Fault, 'path'>, string][] = [
  ['503', { kind: 'status', status: 503, body: 'down' }, 'degraded'],
  ['429 with Retry-After', { kind: 'status', status: 429, headers: { 'retry-after': '1' }, body: 'slow down' }, 'degraded'],
  ['an HTML page with 200', { kind: 'status', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sorry</html>' }, 'degraded'],
  ['a socket closed before the work', { kind: 'close_before' }, 'degraded'],
  ['invalid_client', { kind: 'status', status: 401, headers: json, body: { error: 'invalid_client', error_description: 'unknown client' } }, 'degraded'],
];

test.each(TRANSIENT)('p06: %s at the token endpoint invalidates nothing, and the next renewal works', async (_name, fault, status) => {
  const { emulators } = hawser;
  await emulators.fault({ app: 'zendesk', path: '/oauth/tokens', times: -1, ...fault });
  const troubled = await refresh();
  expect(troubled.status).toBe(status);
  expect(['invalid', 'draft']).not.toContain(troubled.status);
  // Nobody is asked to reconnect.
  expect(troubled.nextStep).not.toMatch(/^.*Press Connect.*$/);
  await emulators.clearFaults();
  const healed = await refresh();
  expect(healed.status).toBe('connected');
}, 90_000);

test('p06: 403 from the API is an issue of the step, not of the connection', async () => {
  const { api, emulators } = hawser;
  await emulators.fault({ app: 'zendesk', path: '/api/v2/users/me', kind: 'status', status: 403, headers: json, body: { error: 'Forbidden', description: 'You are missing the following required scopes: users:read, read' } });
  const view = await api.ok('POST', `/v1/connections/${id}/verify`, {});
  expect(view.status).toBe('connected');
}, 60_000);

test('p06: invalid_grant is evidence', async () => {
  const { emulators } = hawser;
  await emulators.revoke('zendesk/acme');
  const { api } = hawser;
  await refresh();
  const view = await api.ok('POST', `/v1/connections/${id}/verify`, {}).catch(() => api.ok('GET', `/v1/connections/${id}`));
  expect(view.reason.code).toBe('grant_revoked');
  expect((await api.ok('GET', `/v1/connections/${id}`)).status).toBe('invalid');
}, 60_000);
