/** Settings and app client that are changed while a grant lives or a consent is under way; a secret that is rotated; errors at the callback. */
import { borrowHawser } from '../support/borrow-hawser.js';
import { Browser } from '../support/browser.js';
import { callbackUrl } from '../support/callback-url.js';
import { connected, createConnection, SALESFORCE_ADMIN, ZENDESK_ADMIN, ZENDESK_CLIENT } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop());

/** Requests to the other account, of whatever kind. */
const elsewhere = async (): Promise<number> => (await hawser.emulators.log({ app: 'zendesk', org: 'sandbox' })).length;

test('g15, g32: a changed subdomain and app client leave the grant where it is; a rotated secret reaches it', async () => {
  const { api, emulators } = hawser;
  const id = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const { appClientId } = await api.ok('GET', `/v1/connections/${id}`);
  const other = await api.ok('POST', '/v1/app-clients', { ...ZENDESK_CLIENT, clientSecret: 'of another client' });
  const settings = { subdomain: 'acme-sandbox' };
  const patched = await api.ok('PATCH', `/v1/connections/${id}`, { settings, appClientId: other.id });
  expect(patched).toMatchObject({
    settings,
    authorizedWith: { settings: { subdomain: 'acme' }, appClientId },
    nextStep: expect.stringMatching(/next authorization/),
  });
  const refresh = () => api.ok('POST', `/v1/connections/${id}/refresh`, {});
  expect(await refresh()).toMatchObject({ status: 'connected', version: 2 });
  expect((await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof).toMatchObject({
    accepted: true,
    version: 2,
  });
  const inUse = await api.send('DELETE', `/v1/app-clients/${appClientId}`);
  expect([inUse.status, inUse.body.code]).toEqual([409, 'in_use']);

  await api.ok('PATCH', `/v1/app-clients/${appClientId}`, { clientSecret: 'mistyped' });
  await eventually(
    'the renewal to be refused',
    async () => (await refresh()).reason?.code === 'client_rejected',
    30_000,
    2_000,
  );
  await api.ok('PATCH', `/v1/app-clients/${appClientId}`, { clientSecret: ` ${ZENDESK_CLIENT.clientSecret}\n` });
  expect(await refresh()).toMatchObject({ status: 'connected', reason: null });

  const revokes = (await emulators.counts('zendesk/acme')).revokes;
  await api.ok('POST', `/v1/connections/${id}/disconnect`, { confirm: true });
  await eventually('the grant to be revoked', async () => (await emulators.counts('zendesk/acme')).revokes > revokes);
  expect(await elsewhere()).toBe(0);
}, 60_000);

test('g15: a setting that is changed in mid-consent sends the code nowhere else', async () => {
  const { api } = hawser;
  const id = await createConnection(api, 'zendesk', 'Mid-consent');
  const { url, attemptId } = await api.ok('POST', `/v1/connections/${id}/authorize`, {});
  const browser = new Browser();
  const callback = await callbackUrl(browser, url, ZENDESK_ADMIN);
  await api.ok('PATCH', `/v1/connections/${id}`, { settings: { subdomain: 'acme-sandbox' } });
  await browser.open(callback);
  const { end } = await api.ok('GET', `/v1/connections/${id}/attempts/${attemptId}`);
  expect(end.outcome).toBe('in_force');
  expect(await api.ok('GET', `/v1/connections/${id}`)).toMatchObject({
    status: 'connected',
    authorizedWith: { settings: { subdomain: 'acme' } },
  });
  expect(await elsewhere()).toBe(0);
}, 60_000);

test.each([
  ['OAUTH_APP_BLOCKED', 'this app is blocked by admin', 'consent_blocked', /administrator/],
  ['invalid_scope', 'the requested scope is invalid, unknown, or malformed', 'consent_scope_refused', /scope/],
])(
  'g23: %s at the callback is shown with its words and its cure',
  async (error, description, code, cure) => {
    const { api } = hawser;
    const id = await createConnection(api, 'salesforce', error);
    const { url, attemptId } = await api.ok('POST', `/v1/connections/${id}/authorize`, {});
    const browser = new Browser();
    const callback = new URL(await callbackUrl(browser, url, SALESFORCE_ADMIN));
    callback.searchParams.delete('code');
    callback.searchParams.set('error', error);
    callback.searchParams.set('error_description', description);
    const page = await browser.open(callback.href);
    expect(page.html).toContain(`The app says: ${error}: ${description}`);
    const { end } = await api.ok('GET', `/v1/connections/${id}/attempts/${attemptId}`);
    expect(end).toMatchObject({
      outcome: 'failed',
      code,
      text: expect.stringMatching(cure),
      evidence: { appCode: error, appMessage: description },
    });
  },
  60_000,
);
