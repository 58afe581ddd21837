/** What a try of a renewal costs the store does not grow with the failures before it, nor does what follows them. */
import { HawserError } from '#domain/errors.js';
import { skippingGap } from '#workflows/connection/gap.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { after, connected, DAY, HOUR, NOW, renewing } from '../../../../test/support/connection-states.js';
import { tokenFailure } from '../../../../test/model/model-provider.js';
import { modelVault, ModelVaultData } from '../../../../test/model/model-vault.js';
import { rotate, type Renewal, type RotationDeps } from './rotation.js';

const TRIES = 250;
/** Reads, writes and deletes of one try: of the store's documents, each by its id. */
const COST_MAX = 30;

/** A connection, its vault and an app, and what the last try has cost. */
function place(rotates: 'always' | 'never' = 'always') {
  const data = new ModelVaultData();
  const real = modelVault(data, () => Promise.resolve('go'));
  const clock = { now: NOW };
  let cost = 0;
  const paid = <T>(price: number, result: Promise<T>): Promise<T> => {
    cost += price;
    return result;
  };
  const vault: RotationDeps['vault'] = {
    newest: (ref, grantId, from, to) => paid(Math.max(0, to - from), real.newest(ref, grantId, from, to)),
    open: (...args) => paid(1, real.open(...args)),
    insert: (...args) => paid(1, real.insert(...args)),
    destroy: (ref, from, to) => paid(2 * (to - from + 1), real.destroy(ref, from, to)),
    versions: (ref) => paid(1, real.versions(ref)),
    forgetIntents: (...args) => paid(2, real.forgetIntents(...args)),
    intents: (...args) => paid(1, real.intents(...args)),
    writeIntent: (...args) => paid(2, real.writeIntent(...args)),
    settleIntent: (...args) => paid(1, real.settleIntent(...args)),
  };
  let state: ConnectionState = connected({ rotates }, { facts: { accessExpiresAt: null } });
  data.versions.set(1, { facts: state.credential!, secret: { accessToken: 'a1', refreshToken: 'r1' } });
  const answer = async (base: Renewal, version: number): Promise<Renewal> => ({
    facts: { ...base.facts, version, obtainedAt: clock.now, accessExpiresAt: clock.now + HOUR, refreshed: true },
    secret: { accessToken: `a${version}`, refreshToken: `r${version}` },
  });
  /** One renewal of the actor. @returns What it has cost. */
  const run = async (fail?: () => unknown): Promise<number> => {
    cost = 0;
    clock.now += DAY / 24;
    state = renewing(state, clock.now);
    const deps: RotationDeps = {
      vault,
      sendRefresh: (input, base, { onSent }) => {
        onSent();
        const error = fail?.();
        return error ? Promise.reject(error as Error) : answer(base, input.version);
      },
      persistently: (operation) => operation(),
      confirm: () => Promise.resolve(),
      answerMs: 120_000,
      now: () => clock.now,
      jitter: () => 0,
    };
    const input = { state, version: state.refresh.underWay, sendWithinMs: 4_000, accessAlive: false, adoptOnly: false };
    const outcome = await rotate(deps, input);
    state = after(state, { type: 'refreshed', outcome });
    return cost;
  };
  return {
    data,
    run,
    get state() {
      return state;
    },
    set state(next) {
      state = next;
    },
  };
}

const FAILURES: [string, () => unknown][] = [
  ['client_rejected', () => tokenFailure('client', false)],
  ['a refusal that may pass', () => tokenFailure('transient', false)],
  ['answers that are lost', () => tokenFailure('transient', true)],
];

test.each(FAILURES)('g08: %s for months: the last try costs what the second did', async (_name, fail) => {
  const at = place();
  await at.run(fail);
  const second = await at.run(fail);
  let last = 0;
  for (let tries = 0; tries < TRIES; tries += 1) last = await at.run(fail);
  expect(at.state.nextVersion).toBeGreaterThan(TRIES);
  expect(last).toBeLessThanOrEqual(Math.min(second + 2, COST_MAX));
  expect(JSON.stringify(at.state).length).toBeLessThan(4_000);
  expect(at.data.intents.length).toBeLessThan(5);
});

test.each(FAILURES)(
  'g08: %s for months: the renewal that works, and the next one, cost no more',
  async (_name, fail) => {
    const at = place();
    for (let tries = 0; tries < TRIES; tries += 1) await at.run(fail);
    expect(await at.run()).toBeLessThanOrEqual(COST_MAX);
    expect(at.state).toMatchObject({ status: 'connected', credential: { version: TRIES + 2 } });
    expect(await at.run()).toBeLessThanOrEqual(COST_MAX);
    expect([...at.data.versions.keys()]).toEqual([TRIES + 2, TRIES + 3]);
    expect(at.data.intents.map(({ version }) => version)).toEqual([TRIES + 2, TRIES + 3]);
  },
);

test('g08: giving up after months of failures touches no empty version', async () => {
  const at = place();
  for (let tries = 0; tries < TRIES; tries += 1) await at.run(() => tokenFailure('client', false));
  await at.run();
  const left = after(at.state, { type: 'disconnectAsked', at: NOW, by: 'person' });
  const [{ fromVersion, toVersion, gap }] = left.retired as [ConnectionState['retired'][0]];
  expect(skippingGap(fromVersion, toVersion, gap)).toEqual([
    { from: 1, to: 1 },
    { from: TRIES + 2, to: TRIES + 2 },
  ]);
});

test('g08: disconnected in the middle of it: the look for a late answer reads no empty version', async () => {
  const at = place();
  for (let tries = 0; tries < TRIES; tries += 1) await at.run(() => tokenFailure('client', false));
  at.state = after(at.state, { type: 'disconnectAsked', at: NOW, by: 'person' });
  expect(at.state.refresh.wish).toMatchObject({ adoptOnly: true });
  let probed = 0;
  const { vault } = { vault: modelVault(at.data, () => Promise.resolve('go')) };
  const begun = after(at.state, { type: 'refreshStarted', at: NOW });
  const deps = {
    vault: {
      ...vault,
      newest: (ref: never, grantId: string, from: number, to: number) => {
        probed += Math.max(0, to - from);
        return vault.newest(ref, grantId, from, to);
      },
    },
    now: () => NOW,
    jitter: () => 0,
  } as unknown as RotationDeps;
  const input = { state: begun, version: begun.refresh.underWay, sendWithinMs: 0, accessAlive: false, adoptOnly: true };
  expect(await rotate(deps, input)).toMatchObject({ kind: 'nothing' });
  expect(probed).toBeLessThan(5);
});

test('g08: an answer that comes late under an old number is still found, however many tries came since', async () => {
  const at = place('never');
  // The worker of the first try dies after it has sent: its intent stays open.
  await at.run(() => new HawserError('internal')).catch(() => undefined);
  at.state = after(at.state, {
    type: 'refreshed',
    outcome: { kind: 'transient', code: 'temporarily_unavailable', at: NOW, jitter: 0, version: 2 },
  });
  for (let tries = 0; tries < 50; tries += 1) await at.run(() => tokenFailure('client', false));
  expect(at.state.refresh.looked).toMatchObject({ open: [2] });
  const facts = { ...at.state.credential!, version: 2, refreshed: true };
  at.data.versions.set(2, { facts, secret: { accessToken: 'late', refreshToken: 'r2' } });
  await at.run(() => tokenFailure('client', false));
  expect(at.state).toMatchObject({ status: 'connected', credential: { version: 2 } });
});

test('g08: one that was thought lost is looked for when it announces itself', async () => {
  const at = place('never');
  for (let tries = 0; tries < 5; tries += 1) await at.run(() => tokenFailure('transient', true));
  const facts = { ...at.state.credential!, version: 3, refreshed: true };
  at.data.versions.set(3, { facts, secret: { accessToken: 'late', refreshToken: 'r3' } });
  at.state = after(at.state, { type: 'lateAnswer', at: NOW, version: 3, atOnce: true });
  await at.run(() => tokenFailure('client', false));
  expect(at.state).toMatchObject({ credential: { version: 3 } });
});

test('g08: a strict app: what the first lost answer may have spent is not forgotten', async () => {
  const at = place();
  await at.run(() => tokenFailure('transient', true));
  for (let tries = 0; tries < 10; tries += 1) await at.run(() => tokenFailure('client', false));
  await at.run(() => tokenFailure('dead', false));
  expect(at.state.reason?.code).toBe('rotation_lost');
});
