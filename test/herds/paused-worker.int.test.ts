/**
 * A worker that stands still (SIGSTOP) with the answer of a renewal in hand, while another does its work: what it brings never
 * overwrites a version that exists, and is never dropped when it is missing.
 */
import type { TestProcess } from '../support/child-process.js';
import { Browser, consent } from '../support/browser.js';
import { connected, createConnection, openLink, ZENDESK_ADMIN } from '../support/connect.js';
import { RENEWALS } from '../support/emulator-control.js';
import { eventually } from '../support/eventually.js';
import { furtherWorker } from '../support/further-process.js';
import { proofSize } from '../support/proof-size.js';
import { recordOutcome } from '../support/record-outcome.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';

/** The pause lasts until the other worker has judged the renewal; in full at least so long. */
const PAUSE_MS = proofSize(0, 60_000);

let hawser: Hawser;
let second: TestProcess | null = null;
beforeAll(
  async () =>
    void (hawser = await startHawser(
      'its worker is stopped for two minutes, with the real time to wait for an answer',
      { env: { HAWSER_ANSWER_MS: '120000' } },
    )),
  300_000,
);
afterEach(async () => {
  await second?.stop();
  second = null;
});
afterAll(() => hawser?.stop(), 100_000);

const refreshes = () => hawser.emulators.refreshes('zendesk/acme');
const view = (id: string) => hawser.api.ok('GET', `/v1/connections/${id}`);

/** The first worker has sent, the app has rotated, and the answer comes while the worker stands still. Resolves with the second at work. */
async function pausedWithAnswer(
  id: string,
  secondEnv: Record<string, string>,
): Promise<{ before: number; pausedAt: number }> {
  const { api, emulators } = hawser;
  const before = await refreshes();
  await emulators.fault({
    ...RENEWALS.zendesk,
    kind: 'delay_after',
    delayMs: 3_000,
    times: 1,
  });
  // A rejected token: nothing is left to be served, and the temptation to present the refresh token again is greatest.
  await emulators.expireAccessTokens('zendesk/acme');
  void api.send('POST', `/v1/connections/${id}/verify`, {}).catch(() => undefined);
  await eventually('the app to have rotated', async () => (await refreshes()) === before + 1, 60_000, 20);
  hawser.workers[0]?.signal('SIGSTOP');
  const pausedAt = Date.now();
  second = await furtherWorker(hawser, `second-${id}`, secondEnv);
  return { before, pausedAt };
}

test('the version is missing: the late token is the only living one, and the connection comes out connected', async () => {
  const { api, emulators } = hawser;
  await emulators.policy('zendesk/acme', { rotation: true, graceSeconds: 0, reuse: 'kill_family' });
  const id = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Missing');
  const { before, pausedAt } = await pausedWithAnswer(id, {});
  await eventually(
    'the other worker to find it ambiguous',
    async () => (await view(id)).reason?.code === 'renewal_ambiguous',
    90_000,
  );
  await eventually('the pause', async () => Date.now() - pausedAt >= PAUSE_MS, PAUSE_MS + 10_000);
  hawser.workers[0]?.signal('SIGCONT');
  const after = await eventually(
    'the late answer to be in force',
    async () => (await view(id)).version === 2 && (await view(id)),
    90_000,
  );
  const tokenCalls = (await refreshes()) - before;
  recordOutcome('herds', 'a paused worker brings a missing version', {
    tokenCalls,
    status: after.status,
    pausedMs: Date.now() - pausedAt,
  });
  expect(after.status).toBe('connected');
  expect(tokenCalls).toBe(1);
  expect((await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof).toMatchObject({
    accepted: true,
    version: 2,
  });
}, 300_000);

test('the version was overtaken: what is in force stays in force', async () => {
  const { api, emulators } = hawser;
  // An app with a long grace, which its connector does not know: the repeat works, and the old answer is worth nothing.
  await emulators.policy('zendesk/acme', { rotation: true, graceSeconds: 600, reuse: 'kill_family' });
  const id = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Overtaken');
  const { pausedAt } = await pausedWithAnswer(id, { HAWSER_ANSWER_MS: '1000' });
  const renewed = await eventually(
    'the other worker to renew',
    async () => (await view(id)).status === 'connected' && (await view(id)).version > 1 && (await view(id)),
    300_000,
  );
  await eventually('the pause', async () => Date.now() - pausedAt >= PAUSE_MS, PAUSE_MS + 10_000);
  hawser.workers[0]?.signal('SIGCONT');
  await eventually(
    'the late answer to be kept',
    async () =>
      hawser
        .logs()
        .split('\n')
        .some((line) => line.includes('late_answer_kept') && line.includes(id)),
    60_000,
  );
  await second?.stop();
  second = null;
  const proof = (await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof;
  recordOutcome('herds', 'a paused worker brings an overtaken version', {
    inForce: proof.version,
    accepted: proof.accepted,
  });
  expect(proof).toMatchObject({ accepted: true, version: renewed.version });
  expect(await view(id)).toMatchObject({ status: 'connected', version: renewed.version });
}, 300_000);

test('g09: the answer to a code comes after its exchange was called lost: its tokens are revoked, not forgotten', async () => {
  const { api, emulators } = hawser;
  const id = await createConnection(api, 'zendesk', 'Lost code');
  const counts = () => emulators.counts('zendesk/acme');
  const exchanges = async () => (await counts()).byGrantType['authorization_code'] ?? 0;
  const before = { exchanges: await exchanges(), revokes: (await counts()).revokes };
  const codes = { app: 'zendesk', path: '/oauth/tokens', grantType: 'authorization_code' };
  await emulators.fault({ ...codes, kind: 'delay_after', delayMs: 3_000, times: 1 });
  const { url } = await api.ok('POST', `/v1/connections/${id}/authorize`, {});
  const browser = new Browser();
  const answered = consent(browser, await openLink(browser, url), ZENDESK_ADMIN);
  await eventually('the app to have given tokens', async () => (await exchanges()) > before.exchanges, 60_000, 20);
  hawser.workers[0]?.signal('SIGSTOP');
  second = await furtherWorker(hawser, `second-${id}`);
  await answered;
  const told = async () => (await view(id)).lastAttempt?.code === 'exchange_lost';
  await eventually('the other worker to call it lost', told, 90_000);
  hawser.workers[0]?.signal('SIGCONT');
  await eventually('the tokens to be revoked', async () => (await counts()).revokes > before.revokes, 60_000);
  expect(await exchanges()).toBe(before.exchanges + 1);
  expect((await view(id)).status).toBe('draft');
}, 300_000);
