/** The rotation protocol, step by step; `test/model` runs the same file through every crash. */
import { HawserError } from '#domain/errors.js';
import { after, connected, MINUTE, NOW, renewed, renewing } from '../../../../test/support/connection-states.js';
import { tokenFailure } from '../../../../test/model/model-provider.js';
import { modelVault, ModelVaultData } from '../../../../test/model/model-vault.js';
import type { RefreshPolicy } from '#domain/refresh-policy.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { TokenFailure } from '#auth/token-failure.js';
import { rotate, type Renewal, type RotationDeps } from './rotation.js';

function place({
  policy,
  at = NOW,
  accessAlive = true,
}: { policy?: Partial<RefreshPolicy>; at?: number; accessAlive?: boolean } = {}) {
  let state: ConnectionState = renewing(connected(policy), at);
  const vault = new ModelVaultData();
  const clock = { now: at };
  const sent: string[] = [];
  vault.versions.set(1, { facts: state.credential!, secret: { accessToken: 'a1', refreshToken: 'r1' } });
  const answer = (base: Renewal, version: number): Renewal => ({
    facts: { ...base.facts, version, obtainedAt: clock.now, accessExpiresAt: clock.now + 60 * MINUTE, refreshed: true },
    secret: { accessToken: `a${version}`, refreshToken: `r${version}` },
  });
  const deps: RotationDeps = {
    vault: modelVault(vault, () => Promise.resolve('go')),
    sendRefresh: (input, base, { onSent }) => {
      onSent();
      sent.push(base.secret.refreshToken ?? '');
      return Promise.resolve(answer(base, input.version));
    },
    persistently: (operation) => operation(),
    confirm: () => Promise.resolve(),
    answerMs: 120_000,
    now: () => clock.now,
    jitter: () => 0,
  };
  const input = () => ({ state, version: state.refresh.underWay, sendWithinMs: 4_000, accessAlive, adoptOnly: false });
  return {
    deps,
    vault,
    clock,
    sent,
    input,
    run: () => rotate(deps, input()),
    use: (next: ConnectionState) => (state = next),
    get state() {
      return state;
    },
  };
}
const openIntent = (createdAt: number, version = 2, tryNumber = 1) => ({
  version,
  tryNumber,
  fromVersion: 1,
  sendBefore: createdAt,
  createdAt,
  outcome: 'open' as const,
});

test('stores before it reports, and notes the intent as stored', async () => {
  const { run, vault, sent } = place();
  expect(await run()).toMatchObject({ kind: 'renewed', version: 2, adopted: false, destroyedBelow: 1 });
  expect(vault.versions.get(2)?.secret.refreshToken).toBe('r2');
  expect(vault.intents).toMatchObject([{ version: 2, fromVersion: 1, outcome: 'stored' }]);
  expect(sent).toEqual(['r1']);
});

test('a crash between store and report: the retry adopts and sends nothing', async () => {
  const at = place();
  await at.run();
  expect(await at.run()).toMatchObject({ kind: 'renewed', version: 2, adopted: true });
  expect(at.sent).toEqual(['r1']);
});

test('a store that is down spends no token', async () => {
  const at = place();
  at.deps.vault.writeIntent = () => Promise.reject(new HawserError('vault_unavailable'));
  await expect(at.run()).rejects.toMatchObject({ code: 'vault_unavailable' });
  expect(at.sent).toEqual([]);
});

test('what fails before the first byte leaves no open intent, and an operator is told', async () => {
  const at = place();
  at.deps.sendRefresh = () => Promise.reject(new HawserError('address_refused'));
  expect(await at.run()).toMatchObject({ kind: 'operator', code: 'address_refused' });
  expect(at.vault.intents).toMatchObject([{ outcome: 'not_sent' }]);
});

test('a grace window counts from the first unanswered request to the last moment of this one', async () => {
  const policy = { graceMs: 30_000 };
  const inside = place({ policy, at: NOW + 20_000 });
  inside.vault.intents.push(openIntent(NOW));
  expect(await inside.run()).toMatchObject({ kind: 'renewed' });
  const outside = place({ policy, at: NOW + 27_000 });
  outside.vault.intents.push(openIntent(NOW), openIntent(NOW + 20_000, 2, 2));
  expect(await outside.run()).toMatchObject({ kind: 'ambiguous', sentAt: NOW });
  expect(outside.sent).toEqual([]);
});

test('while an earlier answer may still come, the token is not presented again, though there is nothing left to serve', async () => {
  const at = place({ at: NOW + 60_000, accessAlive: false });
  at.vault.intents.push(openIntent(NOW));
  expect(await at.run()).toMatchObject({ kind: 'ambiguous', sentAt: NOW, repeatAt: NOW + 120_000 });
  expect(at.sent).toEqual([]);
  at.clock.now = NOW + 121_000;
  expect(await at.run()).toMatchObject({ kind: 'renewed' });
});

test('an answer that nobody reads any more is not waited for', async () => {
  const at = place({ accessAlive: false });
  const { sendRefresh } = at.deps;
  at.deps.sendRefresh = (input, base, wire) => {
    wire.onSent();
    return Promise.reject(tokenFailure('transient', true));
  };
  expect(await at.run()).toMatchObject({ kind: 'transient' });
  expect(at.vault.intents).toMatchObject([{ outcome: 'lost' }]);
  at.deps.sendRefresh = sendRefresh;
  at.clock.now += 1_000;
  expect(await at.run()).toMatchObject({ kind: 'renewed' });
});

test('a slow look into the vault does not eat the time to send, if Temporal says that this try still counts', async () => {
  const at = place();
  const { open } = at.deps.vault;
  at.deps.vault.open = (...args) => {
    at.clock.now += 10_000;
    return open(...args);
  };
  expect(await at.run()).toMatchObject({ kind: 'renewed' });
  expect(at.vault.intents).toMatchObject([{ sendBefore: NOW + 14_000 }]);
});

test('if it does not count any more, or nobody can tell, nothing is sent', async () => {
  const at = place();
  const { open } = at.deps.vault;
  at.deps.vault.open = (...args) => {
    at.clock.now += 10_000;
    return open(...args);
  };
  at.deps.confirm = () => Promise.reject(new Error('Not found'));
  await expect(at.run()).rejects.toThrow('Not found');
  expect([at.sent, at.vault.intents]).toEqual([[], []]);
});

test.each([
  ['always', 'kills_family', 'rotation_lost'],
  ['never', 'harmless', 'grant_revoked'],
] as const)('`invalid_grant` after an unanswered request, app rotates %s: %s, %s', async (rotates, reuse, code) => {
  const at = place({ policy: { rotates, reuse }, accessAlive: false });
  at.vault.intents.push(openIntent(NOW - 200_000));
  at.deps.sendRefresh = () => Promise.reject(tokenFailure('dead', false));
  expect(await at.run()).toMatchObject({ kind: 'dead', code });
});

test('an answer that is stored by another try during the look is not missed', async () => {
  const at = place();
  at.vault.intents.push(openIntent(NOW));
  const { newest } = at.deps.vault;
  at.deps.vault.newest = async (...args) => {
    const found = await newest(...args);
    // Right after the look the zombie stores and settles.
    at.vault.versions.set(2, {
      facts: { ...at.state.credential!, version: 2 },
      secret: { accessToken: 'a2', refreshToken: 'r2' },
    });
    at.vault.intents[0] = { ...at.vault.intents[0]!, outcome: 'stored' };
    return found;
  };
  expect(await at.run()).toMatchObject({ kind: 'ambiguous' });
  expect(at.sent).toEqual([]);
});

test('an answer that lay about while the process was paused is as old as its request', async () => {
  const at = place();
  const send = at.deps.sendRefresh;
  at.deps.sendRefresh = async (input, base, wire) => {
    wire.onSent();
    at.clock.now += 120 * MINUTE;
    return send(input, base, { ...wire, onSent: () => undefined });
  };
  expect(await at.run()).toMatchObject({
    kind: 'renewed',
    facts: { obtainedAt: NOW, accessExpiresAt: NOW + 60 * MINUTE },
  });
});

test('numbers have gaps: the predecessor before a gap is destroyed with the next renewal', async () => {
  const at = place();
  at.use({ ...at.state, refresh: { ...at.state.refresh, underWay: 9 }, nextVersion: 10 });
  const first = await at.run();
  expect([...at.vault.versions.keys()]).toEqual([1, 9]);
  const next = after(at.state, { type: 'refreshed', outcome: first });
  expect(next).toMatchObject({ credential: { version: 9 }, keptFrom: 1 });
  at.use(renewing(next));
  expect(await at.run()).toMatchObject({ kind: 'renewed', version: 10, destroyedBelow: 9 });
  expect([...at.vault.versions.keys()]).toEqual([9, 10]);
});

test('giving up covers the predecessor before a gap', () => {
  const under = { ...renewing(connected()), nextVersion: 10 };
  const gap = { ...under, refresh: { ...under.refresh, underWay: 9 } };
  const outcome = renewed(gap, NOW, { version: 9 });
  const state = after(gap, { ...outcome, outcome: { ...outcome.outcome, destroyedBelow: 1 } } as typeof outcome, {
    type: 'disconnectAsked',
    at: NOW,
    by: 'person',
  });
  expect(state.retired).toMatchObject([{ fromVersion: 1, toVersion: 9 }]);
});

test('g24: a refusal that nobody foresaw waits for an operator, with the words of the app', async () => {
  const at = place();
  const evidence = { at: NOW, status: 400, appCode: 'made_up', appMessage: 'words of the app' };
  at.deps.sendRefresh = (_input, _base, { onSent }) => {
    onSent();
    const facts = {
      kind: 'rejected',
      code: 'app_rejected_request',
      message: 'x',
      mayHaveBeenProcessed: false,
    } as const;
    return Promise.reject(new TokenFailure({ ...facts, evidence }));
  };
  expect(await at.run()).toMatchObject({ kind: 'operator', code: 'renewal_refused', evidence });
  expect(at.vault.intents).toMatchObject([{ outcome: 'refused' }]);
});
