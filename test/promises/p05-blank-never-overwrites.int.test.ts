/** Promise 5: a reply with a blank or missing refresh token keeps the old one. */
import { connected, SALESFORCE_ADMIN } from '../support/connect.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';
import { untilOld } from '../support/until-old.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop());

test.each([
  ['blank', { refresh_token: '' }],
  ['null', { refresh_token: null }],
  ['missing', {}],
])(
  'p05: a %s refresh token in the reply keeps the old one, and the next renewal works',
  async (name, extra) => {
    const { api, emulators } = hawser;
    await emulators.policy('salesforce/production', { rotation: false });
    const id = await connected(api, 'salesforce', SALESFORCE_ADMIN, `Blank: ${name}`);
    await untilOld(api, id);
    // A reply that the app might give: a working access token, and this refresh token.
    const accessToken = (await emulators.secrets()).filter((secret) => secret.startsWith('00D')).at(-1);
    const { instanceUrl } = { instanceUrl: (await api.ok('GET', `/v1/connections/${id}`)).instance.url };
    await emulators.fault({
      app: 'salesforce',
      path: '/services/oauth2/token',
      kind: 'status',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: {
        access_token: accessToken,
        token_type: 'Bearer',
        instance_url: instanceUrl,
        issued_at: String(Date.now()),
        ...extra,
      },
    });
    expect(await api.ok('POST', `/v1/connections/${id}/refresh`, {})).toMatchObject({
      status: 'connected',
      version: 2,
    });
    await untilOld(api, id);
    const before = (await emulators.counts('salesforce/production')).refreshesSucceeded;
    expect(await api.ok('POST', `/v1/connections/${id}/refresh`, {})).toMatchObject({
      status: 'connected',
      version: 3,
    });
    expect((await emulators.counts('salesforce/production')).refreshesSucceeded).toBe(before + 1);
  },
  90_000,
);
