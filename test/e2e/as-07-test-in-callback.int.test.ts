/** AS-07: the token is fine, the proof gives 403: the connection is not connected, and the app's own reason is shown. */
import { authorize, createConnection, statusOf, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop());

test('AS-07: a candidate that fails its proof never comes into force and is revoked', async () => {
  const { api, emulators } = hawser;
  const id = await createConnection(api, 'zendesk', 'Zendesk');
  const message =
    'You do not have access to this page. Please contact the account owner of this help desk for further help.';
  const fault = await emulators.fault({
    app: 'zendesk',
    path: '/api/v2/users/me',
    kind: 'status',
    status: 403,
    body: { error: { title: 'Forbidden', message } },
    times: -1,
  });
  const { end, page } = await authorize(api, id, ZENDESK_ADMIN);
  expect(end).toMatchObject({ outcome: 'failed', code: 'right_missing' });
  expect(JSON.stringify(end)).toContain('You do not have access');
  expect(page.html).toContain('You do not have access');
  expect(await statusOf(api, id)).toBe('draft');
  await emulators.call('DELETE', `/faults/${fault.id}`);
  await eventually(
    'the failed candidate to be revoked',
    async () => (await emulators.counts('zendesk/acme')).revokes > 0,
  );

  const again = await authorize(api, id, ZENDESK_ADMIN);
  expect(again.end.outcome).toBe('in_force');
  expect(await statusOf(api, id)).toBe('connected');
}, 60_000);

test('AS-07: a failed reconnect leaves a living connection as it was', async () => {
  const { api, emulators } = hawser;
  const id = await createConnection(api, 'salesforce', 'Salesforce');
  expect((await authorize(api, id, SALESFORCE_ADMIN)).end.outcome).toBe('in_force');
  const before = await api.ok('GET', `/v1/connections/${id}`);
  await emulators.fault({
    app: 'salesforce',
    path: '/services/oauth2/userinfo',
    kind: 'status',
    status: 403,
    body: 'Bad_OAuth_Token',
    times: -1,
  });
  const { end } = await authorize(api, id, SALESFORCE_ADMIN);
  await emulators.clearFaults();
  expect(end.outcome).toBe('failed');
  const after = await api.ok('GET', `/v1/connections/${id}`);
  expect(after).toMatchObject({ status: 'connected', version: before.version, account: before.account });
  expect((await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof).toMatchObject({ accepted: true });
}, 60_000);
