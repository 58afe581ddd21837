/** Every message that a workflow takes, with an input that fits, and wild ones made of it: of every wrong type, range and length. */
import fc from 'fast-check';

/** Input that fits, by the name of the message; undefined = it takes none. */
export type Messages = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

export interface WorkflowMessages {
  signals: Messages;
  updates: Messages;
  queries: readonly string[];
}

const POLICY = {
  rotates: 'always',
  graceMs: 0,
  reuse: 'kills_family',
  accessTokenLifetimeMs: null,
  refreshTokenIdleMs: null,
  grantLifetimeMs: null,
  earliestUsefulRefreshMs: 0,
  marginMs: 300_000,
  oldAccessTokenDies: false,
  revokeOldGrantAfterSwap: false,
};

export const CONNECTION_MESSAGES: WorkflowMessages = {
  signals: {
    authorize: { attemptId: 'att_wild', expiresAt: 1_800_000_000_000, by: 'person' },
    refresh: { by: 'person', seenVersion: 1 },
    verify: { by: 'person', requirements: ['things:write'] },
    attemptAnswered: { attemptId: 'att_wild' },
    used: { at: 1_700_000_000_000 },
    lateAnswer: { version: 1 },
    roll: undefined,
  },
  updates: {
    authorize: { attemptId: 'att_wild', expiresAt: 1_700_000_000_000, by: 'person', policy: POLICY },
    refresh: { by: 'person', seenVersion: 1, askedAt: 1_700_000_000_000 },
    verify: { by: 'person', seenProof: 1, requirements: ['things:write'] },
    ensureFresh: { seenVersion: 1, by: 'job', rejected: true },
    decideCandidate: { attemptId: 'att_wild', accept: true },
    cancelAttempt: { attemptId: 'att_wild' },
    disconnect: { by: 'person' },
    delete: { by: 'person' },
    reconfigure: { name: 'Name', settings: { subdomain: 'acme' }, appClientId: 'cli_wild' },
  },
  queries: ['credentials', 'metadata', 'status'],
};

const STEP = { id: 'one', binding: 'target', operation: 'write', input: { value: 'trigger.value' } };

export const RECIPE_MESSAGES: WorkflowMessages = {
  signals: { wake: { connectionId: 'con_wild' }, jobDone: { jobId: 'job_wild' }, roll: undefined },
  updates: {
    change: {
      version: 7,
      name: 'Name',
      definition: {
        trigger: { binding: 'source', operation: 'changed', input: {} },
        steps: [STEP],
        concurrency: 5,
      },
      bindings: { source: { app: 'tiny', connectionId: 'con_wild' }, target: { app: 'tiny', connectionId: null } },
    },
  },
  queries: ['status'],
};

export const JOB_MESSAGES: WorkflowMessages = {
  signals: {
    wake: { connectionId: 'con_wild' },
    rebind: { binding: 'target', connectionId: 'con_wild' },
    predecessorDone: { jobId: 'job_wild' },
  },
  updates: {},
  queries: ['job'],
};

const LONG = 'x'.repeat(3_000);

/** What stands where another value was expected. */
const wildValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    ...[null, true, false, 0, -1, -0.5, 0.5, 5, -1e9, 1e9 + 1, 1e15, 8.65e15, 1e300, -1e300, '', ' ', LONG],
    ...[[], [1], [[]], ['a', 7, null], {}, { a: {} }, '__proto__', 'constructor', '../..', "' OR 1=1 --", 'a\u0000b'],
    ...[Array.from({ length: 1_500 }, (_, index) => `r${index}`)],
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 300, unit: 'binary' }),
  fc.jsonValue({ maxDepth: 4 }),
);

/** Any place within a value, by its path. */
function paths(value: unknown, before: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [before];
  return [before, ...Object.entries(value).flatMap(([name, inner]) => paths(inner, [...before, name]))];
}

function replaced(value: unknown, [name, ...rest]: string[], by: unknown): unknown {
  if (name === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[name] = replaced(copy[name], rest, by);
  return copy;
}

/** Input that may be anything: all of it, one place of what fits, or what fits with more beside it. As JSON brings it. */
export function wildInput(fits: Readonly<Record<string, unknown>> | undefined): fc.Arbitrary<unknown> {
  const places = paths(fits ?? {});
  const one = fc
    .tuple(fc.constantFrom(...places), fc.oneof(wildValue, fc.constant(undefined)))
    .map(([place, value]) => replaced(fits ?? {}, place, value));
  const more = fc
    .dictionary(fc.string(), fc.jsonValue())
    .map((extra) => ({ ...extra, ...fits, type: 'deleteAsked', at: LONG }));
  return fc
    .oneof({ weight: 6, arbitrary: one }, { weight: 2, arbitrary: wildValue }, { weight: 1, arbitrary: more })
    .map((value) => (value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown)));
}
