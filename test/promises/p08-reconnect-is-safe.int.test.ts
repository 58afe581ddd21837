/** Promise 8: a failed, denied, refused or foreign reconnect changes nothing of ours. */
import { authorize, connected, SALESFORCE_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
let id: string;
beforeAll(async () => {
  hawser = await borrowHawser();
  id = await connected(hawser.api, 'salesforce', SALESFORCE_ADMIN);
}, 120_000);
afterAll(() => hawser?.stop());

const kept = async () => {
  const { status, version, account, instance, scopes } = await hawser.api.ok('GET', `/v1/connections/${id}`);
  return { status, version, account, instance, scopes };
};

test('p08: denied, lost exchange, HTML from the token endpoint: the living grant serves on', async () => {
  const { api, emulators } = hawser;
  const before = await kept();
  expect((await authorize(api, id, { ...SALESFORCE_ADMIN, decision: 'deny' })).end.code).toBe('consent_denied');
  for (const [fault, code] of [
    [{ kind: 'close_after' }, 'exchange_lost'],
    [
      {
        kind: 'status',
        status: 400,
        headers: { 'content-type': 'application/json' },
        body: { error: 'invalid_grant', error_description: 'expired authorization code' },
      },
      'code_rejected',
    ],
  ] as const) {
    await emulators.fault({ app: 'salesforce', path: '/services/oauth2/token', ...fault });
    const { end } = await authorize(api, id, SALESFORCE_ADMIN);
    expect(end).toMatchObject({ outcome: 'failed', code });
    expect(await kept()).toEqual(before);
  }
  expect((await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof).toMatchObject({
    accepted: true,
    version: before.version,
  });
}, 120_000);

test('p08: another instance is refused with what to do, and its grant is revoked', async () => {
  const { api, emulators } = hawser;
  const before = await kept();
  await api.ok('PATCH', `/v1/connections/${id}`, { settings: { environment: 'sandbox' } });
  const { end } = await authorize(api, id, {
    username: `${SALESFORCE_ADMIN.username}.uat`,
    password: SALESFORCE_ADMIN.password,
  });
  await api.ok('PATCH', `/v1/connections/${id}`, { settings: { environment: 'production' } });
  expect(end).toMatchObject({ outcome: 'failed', code: 'instance_mismatch' });
  expect(await kept()).toEqual(before);
  await eventually(
    'the foreign grant to be given up',
    async () =>
      (await emulators.counts('salesforce/sandbox')).revokes +
        (await emulators.counts('salesforce/production')).revokes >
      0,
  );
}, 60_000);
