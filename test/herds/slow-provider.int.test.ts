/** Providers that take their time: the answer is waited for, the token is presented once, and the connection comes out connected. */
import { connected, ZENDESK_ADMIN } from '../support/connect.js';
import { RENEWALS } from '../support/emulator-control.js';
import { eventually } from '../support/eventually.js';
import { proofSize } from '../support/proof-size.js';
import { recordOutcome } from '../support/record-outcome.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';

let hawser: Hawser;
beforeAll(async () => {
  hawser = await startHawser('the real time to wait for an answer', { env: { HAWSER_ANSWER_MS: '120000' } });
  await hawser.emulators.policy('zendesk/acme', { rotation: true, graceSeconds: 0, reuse: 'kill_family' });
}, 300_000);
afterAll(() => hawser?.stop(), 100_000);

const refreshes = () => hawser.emulators.refreshes('zendesk/acme');
const view = (id: string) => hawser.api.ok('GET', `/v1/connections/${id}`);

// 20 s: longer than a caller of the API waits. 25 s and more: longer than the renewal itself used to wait. 100 s: longer than a job does.
const SECONDS = [25, 20, 40, 100].slice(0, proofSize(1, 4));
test.each(SECONDS)(
  'an answer after %s s, the work done at once: one call, connected',
  async (seconds) => {
    const { api, emulators } = hawser;
    const id = await connected(api, 'zendesk', ZENDESK_ADMIN, `${seconds} s`);
    const before = await refreshes();
    await emulators.fault({
      ...RENEWALS.zendesk,
      kind: 'delay_after',
      delayMs: seconds * 1_000,
    });
    // The old access token is dead, as seen by the app: the worst case, for nothing is left to be served meanwhile.
    await emulators.expireAccessTokens('zendesk/acme');
    const asked = api.send('POST', `/v1/connections/${id}/verify`, {});
    const after = await eventually(
      'the renewal',
      async () => (await view(id)).version === 2 && (await view(id)),
      240_000,
      500,
    );
    await asked;
    const tokenCalls = (await refreshes()) - before;
    recordOutcome('herds', `a provider that answers after ${seconds} s`, { tokenCalls, status: after.status });
    expect(after.status).toBe('connected');
    expect(tokenCalls).toBe(1);
    expect((await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof).toMatchObject({
      accepted: true,
      version: 2,
    });
  },
  300_000,
);
