import { SecretMask } from '#telemetry/secret-mask.js';
import type { Lease, LeaseYes } from '#domain/lease.js';
import { LeaseKeeper } from './lease-keeper.js';
import type { ConnectionRef } from '#domain/connection-ref.js';

const REF: ConnectionRef = { workspaceId: 'ws_1', connectionId: 'con_1' };
const yes = (version: number, goodUntil: number | null = null): LeaseYes => ({
  kind: 'yes',
  status: 'connected',
  version,
  grantId: 'g',
  generation: 1,
  app: 'test',
  instanceUrl: 'http://127.0.0.1',
  instanceId: 'i',
  accountId: 'a',
  scopes: [],
  goodUntil,
  refreshNotBefore: 0,
  failures: 0,
  trouble: null,
  settings: {},
});
const NO: Lease = { kind: 'no', status: 'invalid', code: 'grant_revoked', since: 1, app: 'test' };

/** A keeper whose actor answers by hand and whose clock stands until it is moved. */
function world(options: { capacity?: number } = {}) {
  const clock = { now: 1_000_000 };
  const questions: { ref: ConnectionRef; answer: (lease: Lease) => void; fail: (error: Error) => void }[] = [];
  const opened: number[] = [];
  const keeper = new LeaseKeeper({
    actor: { lease: (ref) => new Promise<Lease>((answer, fail) => questions.push({ ref, answer, fail })) },
    openAccessToken: async (_, version) => {
      opened.push(version);
      return { accessToken: `token-${version}`, mask: SecretMask.of() };
    },
    leaseMs: 30_000,
    now: () => clock.now,
    ...options,
  });
  const ask = async (lease: Lease, ref = REF) => {
    const asked = keeper.get(ref);
    questions.at(-1)!.answer(lease);
    return asked;
  };
  return { clock, questions, opened, keeper, ask };
}

test('many callers at once ask once, and the credential is opened once', async () => {
  const { keeper, questions, opened } = world();
  const callers = Array.from({ length: 50 }, () => keeper.get(REF));
  expect(questions).toHaveLength(1);
  questions[0]!.answer(yes(1));
  const held = await Promise.all(callers);
  expect((await Promise.all(held.map((one) => one.accessToken()))).map((one) => one?.accessToken)).toEqual(
    Array.from({ length: 50 }, () => 'token-1'),
  );
  expect(opened).toEqual([1]);
  expect((await keeper.get(REF)).lease).toEqual(yes(1));
  expect(questions).toHaveLength(1);
});

test('a lease is believed 30 s from the moment its question was sent', async () => {
  const { keeper, questions, clock } = world();
  const asked = keeper.get(REF);
  clock.now += 10_000;
  questions[0]!.answer(yes(1));
  await asked;
  clock.now += 19_999;
  await keeper.get(REF);
  expect(questions).toHaveLength(1);
  clock.now += 1;
  void keeper.get(REF);
  expect(questions).toHaveLength(2);
});

test('a lease is never believed past its end', async () => {
  const { keeper, questions, clock, ask } = world();
  await ask(yes(1, clock.now + 5_000));
  clock.now += 4_999;
  await keeper.get(REF);
  expect(questions).toHaveLength(1);
  clock.now += 1;
  void keeper.get(REF);
  expect(questions).toHaveLength(2);
});

test('an answer that comes after its own time is used once and not kept', async () => {
  const { keeper, questions, clock } = world();
  const asked = keeper.get(REF);
  clock.now += 31_000;
  questions[0]!.answer(yes(1));
  expect((await asked).lease).toEqual(yes(1));
  expect(keeper.size).toBe(0);
});

test('a rejected version is dropped at once, a newer one stays', async () => {
  const { keeper, questions, ask } = world();
  await ask(yes(2));
  keeper.reject(REF, 1);
  expect((await keeper.get(REF)).lease).toEqual(yes(2));
  expect(questions).toHaveLength(1);
  keeper.reject(REF, 2);
  expect((await ask(yes(3))).lease).toEqual(yes(3));
  expect(questions).toHaveLength(2);
});

test('an answer to a question older than the rejection is not kept, and later callers do not join it', async () => {
  const { keeper, questions } = world();
  const before = keeper.get(REF);
  keeper.reject(REF, 1);
  const after = keeper.get(REF);
  expect(questions).toHaveLength(2);
  questions[1]!.answer(yes(2));
  await after;
  questions[0]!.answer(yes(1));
  await before;
  expect((await keeper.get(REF)).lease).toEqual(yes(2));
  expect(questions).toHaveLength(2);
});

test('a "no" and a failure are not kept', async () => {
  const { keeper, questions, ask } = world();
  expect((await ask(NO)).lease).toEqual(NO);
  const failing = keeper.get(REF);
  questions[1]!.fail(new Error('down'));
  await expect(failing).rejects.toThrow('down');
  expect((await ask(yes(1))).lease).toEqual(yes(1));
  expect(questions).toHaveLength(3);
});

test('workspaces never share a lease', async () => {
  const { keeper, questions, ask } = world();
  await ask(yes(1));
  void keeper.get({ ...REF, workspaceId: 'ws_2' });
  expect(questions.map(({ ref }) => ref.workspaceId)).toEqual(['ws_1', 'ws_2']);
});

test('the number is bounded: the longest unused goes first', async () => {
  const { keeper, questions, ask } = world({ capacity: 2 });
  const ref = (connectionId: string): ConnectionRef => ({ ...REF, connectionId });
  await ask(yes(1), ref('con_a'));
  await ask(yes(1), ref('con_b'));
  await keeper.get(ref('con_a'));
  await ask(yes(1), ref('con_c'));
  expect(keeper.size).toBe(2);
  await keeper.get(ref('con_a'));
  expect(questions).toHaveLength(3);
  void keeper.get(ref('con_b'));
  expect(questions).toHaveLength(4);
});

test('a credential that could not be opened is tried again', async () => {
  let failures = 1;
  const keeper = new LeaseKeeper({
    actor: { lease: async () => yes(1) },
    openAccessToken: async () => {
      if (failures-- > 0) throw new Error('vault');
      return { accessToken: 'token', mask: SecretMask.of() };
    },
  });
  const held = await keeper.get(REF);
  await expect(held.accessToken()).rejects.toThrow('vault');
  expect((await held.accessToken())?.accessToken).toBe('token');
  keeper.close();
});
