/**
 * Model test of the connection: the real state machine and the real rotation protocol, a vault and an app in memory, a virtual clock,
 * and a crash, a hang or a failure between any two awaits. `HAWSER_MODEL_RUNS` sets the number of runs;
 * `HAWSER_MODEL_SEED` and `HAWSER_MODEL_PATH` repeat a failing one as it was printed, `HAWSER_MODEL_SHRINK=1` makes it small (minutes).
 */
import fc from 'fast-check';
import type { RefreshPolicy } from '#domain/refresh-policy.js';
import { STRICT_POLICY } from '../support/connection-states.js';
import { ModelActor } from './model-actor.js';
import type { ProviderKind } from './model-provider.js';
import { Tape } from './tape.js';

const RUNS = Number(process.env.HAWSER_MODEL_RUNS ?? 300);
const SEED = process.env.HAWSER_MODEL_SEED === undefined ? {} : { seed: Number(process.env.HAWSER_MODEL_SEED) };
const PATH = process.env.HAWSER_MODEL_PATH;
const HOUR = 3_600_000;

/** Apps as they are, with the policy that their connector states. */
const APPS: Record<string, { kind: Omit<ProviderKind, 'saysExpiry'>; policy: Partial<RefreshPolicy> }> = {
  'strict, reuse kills the family': {
    kind: { rotates: true, graceMs: 0, reuse: 'kills_family', oldAccessTokenDies: false },
    policy: {},
  },
  'strict, the old pair dies at once': {
    kind: { rotates: true, graceMs: 0, reuse: 'rejected', oldAccessTokenDies: true },
    policy: { reuse: 'rejected', oldAccessTokenDies: true },
  },
  'strict, the old access token lives on': {
    kind: { rotates: true, graceMs: 0, reuse: 'rejected', oldAccessTokenDies: false },
    policy: { reuse: 'rejected' },
  },
  'with a grace window': {
    kind: { rotates: true, graceMs: 30_000, reuse: 'kills_family', oldAccessTokenDies: false },
    policy: { graceMs: 30_000 },
  },
  'not rotating': {
    kind: { rotates: false, graceMs: 0, reuse: 'harmless', oldAccessTokenDies: false },
    policy: { rotates: 'never', reuse: 'harmless' },
  },
  'not rotating, but its connector cannot know': {
    kind: { rotates: false, graceMs: 0, reuse: 'harmless', oldAccessTokenDies: false },
    policy: { rotates: 'maybe' },
  },
};

interface Run {
  app: string;
  saysExpiry: boolean;
  numbers: number[];
}

const runs: fc.Arbitrary<Run> = fc.record({
  app: fc.constantFrom(...Object.keys(APPS)),
  saysExpiry: fc.boolean(),
  numbers: fc.array(fc.nat(9_999), { minLength: 20, maxLength: 300, size: 'max' }),
});

function begin({ app, saysExpiry, numbers }: Run): ModelActor {
  const { kind, policy } = APPS[app]!;
  return new ModelActor(
    new Tape(numbers),
    { ...kind, saysExpiry },
    { ...STRICT_POLICY, refreshTokenIdleMs: null, accessTokenLifetimeMs: null, ...policy },
  );
}

/** Work as long as there is some; a loop that does not end is a bug. */
async function work(actor: ModelActor): Promise<void> {
  for (let steps = 0; await actor.step(); steps += 1) {
    actor.must(steps < 60, 'the actor spins');
  }
  actor.assertUnbroken();
}

/** Trouble until the tape is over. */
async function live(actor: ModelActor, also: (actor: ModelActor) => void = () => undefined): Promise<void> {
  for (let round = 0; !actor.tape.isOver && round < 200; round += 1) {
    const event = actor.tape.choose({
      personVerify: 3,
      personRefresh: 3,
      nag: 5,
      revoke: 1,
      passwordChanged: 1,
      zombie: 14,
      other: 2,
      wait: 30,
      use: 42,
    });
    if (event === 'personVerify') actor.person('verify');
    if (event === 'personRefresh') actor.person('refresh');
    if (event === 'nag') actor.nag();
    if (event === 'revoke') actor.provider.revokeAll();
    if (event === 'passwordChanged') actor.provider.killRefreshTokens();
    if (event === 'zombie') await actor.resumeZombie();
    if (event === 'other') also(actor);
    if (event === 'wait') actor.advance([1_000, 60_000, HOUR, 3 * HOUR][actor.tape.below(4)]!);
    if (event === 'use') actor.use();
    await work(actor);
  }
}

/** Jobs use the connection. */
async function use(actor: ModelActor, hours: number): Promise<void> {
  const end = actor.clock.now + hours * HOUR;
  while (actor.clock.now < end) {
    actor.use();
    await work(actor);
    actor.advance(10 * 60_000);
  }
}

/** Everything works again; zombies come back late. */
async function recover(actor: ModelActor): Promise<void> {
  await use(actor, 2);
  while (actor.zombies.length > 0) {
    await actor.resumeZombie();
    await work(actor);
  }
  await use(actor, 3);
}

function check(property: fc.IAsyncProperty<[Run]>): Promise<void> {
  return fc.assert(property, {
    numRuns: RUNS,
    ...SEED,
    ...(PATH === undefined ? {} : { path: PATH }),
    endOnFailure: process.env.HAWSER_MODEL_SHRINK === undefined,
  });
}

test('promises 2, 3, 4, 6 and 7 hold through every crash, and no living token is dropped', async () => {
  await check(
    fc.asyncProperty(runs, async (run) => {
      const actor = begin(run);
      await live(actor);
      const before = actor.livingToken();
      await recover(actor);
      const living = actor.livingToken();
      if (living !== undefined)
        actor.must(
          actor.state.status === 'connected',
          `${living} (before: ${before}) is honoured, and the connection is ${actor.state.status}`,
        );
      const requests = actor.provider.tokenRequests;
      if (actor.state.status === 'invalid') {
        for (let round = 0; round < 5; round += 1) {
          actor.nag();
          actor.use();
          await work(actor);
          actor.advance(24 * HOUR);
        }
        actor.must(actor.provider.tokenRequests === requests, 'a dead grant is asked again');
      }
      actor.assertUnbroken();
    }),
  );
}, 600_000);

test('in peace there is one token call per expiry, whatever the number of callers', async () => {
  for (const app of Object.keys(APPS)) {
    for (const saysExpiry of [true, false]) {
      const actor = begin({ app, saysExpiry, numbers: [] });
      const hours = 12;
      const end = actor.clock.now + hours * HOUR;
      while (actor.clock.now < end) {
        for (let caller = 0; caller < 5; caller += 1) actor.use();
        await work(actor);
        actor.advance(60_000);
      }
      expect([app, actor.state.status]).toEqual([app, 'connected']);
      expect(actor.provider.tokenRequests).toBeGreaterThanOrEqual(hours - 2);
      expect(actor.provider.tokenRequests).toBeLessThanOrEqual(Math.ceil((hours * 60) / 55) + 1);
    }
  }
});

test('what was given up is never served again, and nothing of it stays in the vault', async () => {
  await check(
    fc.asyncProperty(runs, async (run) => {
      const actor = begin(run);
      await live(actor, (other) => other.disconnect());
      actor.disconnect();
      await recover(actor);
      await work(actor);
      actor.must(actor.state.status === 'disconnected', 'it came back by itself');
      const kept = [...actor.vault.versions.keys()].filter((version) => !actor.untold.has(version));
      actor.must(
        kept.length === 0,
        `the vault still holds ${kept.join(', ')} (nextVersion ${actor.state.nextVersion})`,
      );
      actor.assertUnbroken();
    }),
  );
}, 600_000);
