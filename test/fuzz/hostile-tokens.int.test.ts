/**
 * Token endpoints that lie: the real activities for code exchange, renewal and revocation, over real sockets, against thousands of
 * generated answers. Never an unhandled rejection, never a lost old credential, never a dropped new one.
 */
import { MockActivityEnvironment } from '@temporalio/testing';
import fc from 'fast-check';
import type { ExchangeInput, ExchangeOutcome, RefreshInput, RefreshOutcome } from '#workflows/connection/activities.js';
import { leaseOf } from '#workflows/connection/lease-of.js';
import type { ConnectionState, Retired } from '#workflows/connection/state.js';
import { transition } from '#workflows/connection/transition.js';
import { exchangeActivity } from '../../apps/worker/activities/connection/exchange.js';
import type { HandOff } from '../../apps/worker/activities/connection/hand-off.js';
import { refreshActivity } from '../../apps/worker/activities/connection/refresh.js';
import { retireActivity } from '../../apps/worker/activities/connection/retire.js';
import { exchanging, HOUR, renewing } from '../support/connection-states.js';
import { fuzzSeed, inCase } from '../support/fuzz-seed.js';
import { proofSize } from '../support/proof-size.js';
import { recordOutcome } from '../support/record-outcome.js';
import { goodAnswer } from './hostile-answer.js';
import { APPS, HostileLane, OLD, onLanes, type AppName } from './hostile-lane.js';
import { speaksOfDeath, tokenCase, type TokenCase } from './hostile-token-answer.js';
import { expectNoSecret, expectSoundState } from './sound-state.js';
import { watchRejections } from './unhandled-rejections.js';

const SEED = fuzzSeed();
const CASES = proofSize(350, 2_000);
const cases = (salt: number): TokenCase[] => fc.sample(tokenCase, { numRuns: CASES, seed: SEED + salt });

let lanes: HostileLane[];
let rejections: () => Promise<unknown[]>;
beforeAll(async () => {
  rejections = watchRejections();
  lanes = await Promise.all(Array.from({ length: 8 }, () => HostileLane.start()));
});
afterAll(() => Promise.all(lanes.map((lane) => lane.stop())));
jest.setTimeout(600_000);

/** The old credential is there as it was, and served. */
function expectOldServed(lane: HostileLane, state: ConnectionState): void {
  expect(lane.vault.versions.get(1)?.secret).toEqual(OLD);
  expect(leaseOf(state)).toMatchObject({ kind: 'yes', version: 1 });
}

const count = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

/** Temporal has no part here: a slow answer is waited for in the activity itself. */
const WITH_A_SLOT: Pick<HandOff, 'run'> = { run: ({ work }) => work };

describe.each(APPS)('%s', (app) => {
  test('a renewal: the old credential serves on, or the new one is in force', async () => {
    const kinds: Record<string, number> = {};
    await onLanes(lanes, cases(app.length), async (lane, one, index) =>
      inCase(`renewal ${index}: ${one.answer.text}`, SEED, async () => {
        const outcome = await renew(lane, app, one);
        count(kinds, outcome.kind);
      }),
    );
    expect(Object.keys(kinds).sort()).toEqual(['ambiguous', 'dead', 'operator', 'renewed', 'transient']);
    recordOutcome('fuzz', `hostile renewals, ${app}`, { answers: CASES, ...kinds });
  });

  test('a code exchange: whatever comes of the attempt, the old credential serves on', async () => {
    const kinds: Record<string, number> = {};
    await onLanes(lanes, cases(app.length + 10), async (lane, one, index) =>
      inCase(`exchange ${index}: ${one.answer.text}`, SEED, async () => count(kinds, await reconnect(lane, app, one))),
    );
    expect(Object.keys(kinds).sort()).toEqual(['failed', 'granted', 'repeat']);
    recordOutcome('fuzz', `hostile code exchanges, ${app}`, { answers: CASES, ...kinds });
  });

  test('a revocation: the credential is destroyed when the app was told, and kept while it was not', async () => {
    const kinds: Record<string, number> = {};
    await onLanes(lanes, cases(app.length + 20), async (lane, one, index) =>
      inCase(`revocation ${index}: ${one.answer.text}`, SEED, async () => count(kinds, await giveUp(lane, app, one))),
    );
    expect(Object.keys(kinds).sort()).toEqual(['destroyed', 'repeat']);
    recordOutcome('fuzz', `hostile revocations, ${app}`, { answers: CASES, ...kinds });
  });
});

test('nobody left a rejection unhandled', async () => expect(await rejections()).toEqual([]));

async function renew(lane: HostileLane, app: AppName, { answer, tokens }: TokenCase): Promise<RefreshOutcome> {
  const at = Date.now();
  const state = renewing(lane.connection(app), at);
  const version = state.refresh.underWay;
  lane.answers(() => answer.wire, answer);
  const input: RefreshInput = { state, version, sendWithinMs: 60_000, accessAlive: true, adoptOnly: false };
  const outcome = await new MockActivityEnvironment().run<[], RefreshOutcome, () => Promise<RefreshOutcome>>(() =>
    refreshActivity(lane.deps(), input, WITH_A_SLOT),
  );
  const after = transition(state, { type: 'refreshed', outcome });
  expectSoundState(after, at);
  const stored = lane.vault.versions.get(version)?.secret;
  expectNoSecret(
    [outcome, after],
    [OLD.accessToken, OLD.refreshToken!, ...(tokens ? [tokens.access, tokens.refresh ?? tokens.access] : [])],
  );
  if (tokens !== null) {
    expect(outcome.kind).toBe('renewed');
    expect(stored).toEqual({ accessToken: tokens.access, refreshToken: tokens.refresh ?? OLD.refreshToken });
  }
  if (outcome.kind === 'renewed') {
    expect(after.status).toBe('connected');
    expect(stored?.accessToken).toMatch(/^[\x20-\x7e]+$/);
    // Requests with the predecessor may be under way.
    expect(lane.vault.versions.get(1)?.secret).toEqual(OLD);
    return outcome;
  }
  expect(stored).toBeUndefined();
  expectOldServed(lane, after);
  expect(after.status).toBe('degraded');
  if (outcome.kind === 'dead') expect(speaksOfDeath(answer.body)).toBe(true);
  return outcome;
}

const ATTEMPT = {
  _id: 'att_2',
  status: 'answered',
  answerError: null,
  scopes: ['api'],
  appClientId: 'cli_test',
  redirectUri: 'http://127.0.0.1:3000/oauth/callback',
  sealedCode: 'sealed',
  sealedVerifier: 'sealed',
};
/** Whom the app says that the new grant belongs to: the same account as before. */
const ME = {
  salesforce: { user_id: '005000000000001AAA', organization_id: '00D000000000001EAA', name: 'Ann' },
  zendesk: { user: { id: 7, name: 'Ann', role: 'admin' } },
};

async function reconnect(lane: HostileLane, app: AppName, { answer, tokens }: TokenCase): Promise<string> {
  const at = Date.now();
  const state = exchanging(lane.connection(app), 'att_2', at);
  const { version } = state.attempt!;
  lane.answers(({ path }) => (/token/.test(path) ? answer.wire : goodAnswer(ME[app])), answer);
  const deps = lane.deps({
    store: { attempts: { get: async () => ATTEMPT } },
    opener: { open: async () => 'v'.repeat(43) },
  });
  const input: ExchangeInput = { state, attemptId: 'att_2', version };
  const outcome = await new MockActivityEnvironment().run<[], ExchangeOutcome, () => Promise<ExchangeOutcome>>(() =>
    exchangeActivity(deps, input),
  );
  const after = transition(state, { type: 'exchanged', version, outcome });
  expectSoundState(after, at);
  expectNoSecret(
    [outcome, after],
    [OLD.accessToken, OLD.refreshToken!, ...(tokens ? [tokens.access, tokens.refresh ?? tokens.access] : [])],
  );
  if (tokens !== null)
    expect(lane.vault.versions.get(version)?.secret).toEqual({
      accessToken: tokens.access,
      refreshToken: tokens.refresh,
    });
  // Another account, a failed exchange, or one that is repeated: the old grant is in force.
  expectOldServed(lane, after);
  return outcome.kind;
}

async function giveUp(lane: HostileLane, app: AppName, { answer }: TokenCase): Promise<string> {
  // As a user's disconnect leaves it: what is given up is in force no more.
  const state: ConnectionState = { ...lane.connection(app), status: 'disconnected', credential: null };
  lane.answers(() => answer.wire, answer);
  const retired: Retired = {
    fromVersion: 1,
    toVersion: 1,
    revoke: true,
    notBefore: 0,
    until: Date.now() + HOUR,
    tries: 0,
  };
  const asked = await retireActivity(lane.deps(), { state, retired });
  // A rejected access token may merely have ended: the actor then allots a version to a renewal, and the retirement goes on.
  if (asked.kind === 'renew') expect(lane.vault.versions.has(1)).toBe(true);
  const outcome =
    asked.kind === 'renew'
      ? await retireActivity(lane.deps(), { state, retired: { ...retired, renewals: [2] } })
      : asked;
  expect(lane.vault.versions.has(1)).toBe(outcome.kind === 'repeat');
  const told =
    answer.status < 300 ||
    (app === 'salesforce' ? /invalid_token/.test(answer.body) : [401, 404].includes(answer.status));
  if (outcome.kind === 'destroyed') expect(told).toBe(true);
  return outcome.kind;
}
