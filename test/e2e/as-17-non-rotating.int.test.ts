/** AS-17: a refresh reply without a refresh token keeps the old one, and the next refresh works. */
import { connected, SALESFORCE_ADMIN } from '../support/connect.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';
import { untilOld } from '../support/until-old.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop());

test('AS-17: three renewals in a row at a provider that does not rotate, then three at one that does', async () => {
  const { api, emulators } = hawser;
  const id = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const renew = async (expected: number) => {
    await untilOld(api, id);
    const view = await api.ok('POST', `/v1/connections/${id}/refresh`, {});
    expect(view).toMatchObject({ status: 'connected', version: expected });
    expect((await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof).toMatchObject({
      accepted: true,
      version: expected,
    });
  };
  await emulators.policy('salesforce/production', { rotation: false });
  for (const version of [2, 3]) await renew(version);
  await emulators.policy('salesforce/production', { rotation: true, reuse: 'kill_family' });
  for (const version of [4, 5]) await renew(version);
  expect((await emulators.counts('salesforce/production')).refreshesSucceeded).toBe(4);
}, 90_000);
