/**
 * APIs that lie: verify, triggers, actions and metadata of both connectors over real sockets, against thousands of generated answers.
 * Each ends with a value that Temporal can keep or with one of our errors; a verification never takes a living credential away.
 */
import fc from 'fast-check';
import { isErrorCode } from '#domain/errors.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import { leaseOf } from '#workflows/connection/lease-of.js';
import { transition } from '#workflows/connection/transition.js';
import { verifyActivity } from '../../apps/worker/activities/connection/verify.js';
import { fixedContext } from '../../apps/worker/app-calls/fixed-context.js';
import { fuzzSeed, inCase } from '../support/fuzz-seed.js';
import { proofSize } from '../support/proof-size.js';
import { recordOutcome } from '../support/record-outcome.js';
import { goodBody, OPERATIONS, type ConnectorOperation } from './connector-operations.js';
import { goodAnswer, hostileAnswer, type HostileAnswer } from './hostile-answer.js';
import { almost, hostileValue, OBJECT_WORDS } from './hostile-json.js';
import { APPS, HostileLane, INSTANCE, OLD, onLanes, SCOPES, SETTINGS, type AppName } from './hostile-lane.js';
import type { SeenRequest } from './hostile-server.js';
import { expectNoSecret, expectSoundState } from './sound-state.js';
import { watchRejections } from './unhandled-rejections.js';

const SEED = fuzzSeed();
const CASES = proofSize(60, 2_000);
const VERIFICATIONS = proofSize(300, 2_000);

let lanes: HostileLane[];
let rejections: () => Promise<unknown[]>;
beforeAll(async () => {
  rejections = watchRejections();
  lanes = await Promise.all(Array.from({ length: 8 }, () => HostileLane.start()));
});
afterAll(() => Promise.all(lanes.map((lane) => lane.stop())));
jest.setTimeout(900_000);

/** The n-th request of an operation gets a hostile answer; all others a good one. */
interface Spoilt {
  at: number;
  seed: number;
}
const spoilt: fc.Arbitrary<Spoilt> = fc.record({ at: fc.constantFrom(0, 0, 0, 1, 1, 2, 3), seed: fc.integer() });

const word = fc.constantFrom(
  ...OBJECT_WORDS,
  'INVALID_SESSION_ID',
  'NOT_FOUND',
  'REQUEST_LIMIT_EXCEEDED',
  'invalid_token',
  'Forbidden',
  'RecordInvalid',
  'x',
);
const saidError = fc
  .record({ word, message: hostileValue, shape: fc.constantFrom('rows', 'said', 'titled', 'list', 'saved', 'details') })
  .map(({ word: code, message, shape }) => {
    const said = JSON.stringify(code);
    if (shape === 'rows') return `[{"errorCode":${said},"message":${message},"fields":${message}}]`;
    if (shape === 'said') return `{"error":${said},"description":${message},"error_description":${message}}`;
    if (shape === 'titled') return `{"error":{"title":${said},"message":${message}}}`;
    if (shape === 'list') return `{"errors":[{"code":${said},"title":${message}}]}`;
    if (shape === 'details')
      return `{"error":${said},"details":{${said}:[{"error":${said},"description":${message}}]}}`;
    return `{"success":false,"errors":[{"statusCode":${said},"message":${message}}]}`;
  });

/** A hostile answer in the place of this good one. */
function spoil(good: { body: unknown; status: number }, seed: number): HostileAnswer {
  const bodies = fc.oneof(
    { weight: 4, arbitrary: almost(good.body) },
    { weight: 2, arbitrary: saidError },
    { weight: 1, arbitrary: hostileValue },
    { weight: 1, arbitrary: fc.constantFrom('', '<html>x</html>', '{', 'null') },
  );
  const status = fc.oneof(
    { weight: 3, arbitrary: fc.constant(good.status) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(200, 204, 300, 304, 400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 503),
    },
  );
  return fc.sample(hostileAnswer(bodies, status), { numRuns: 1, seed })[0]!;
}

/** Makes the app of this lane answer so; gives what was said in the place of the good answer. */
function spoils(lane: HostileLane, app: AppName, { at, seed }: Spoilt): () => HostileAnswer | null {
  let count = 0;
  let given: HostileAnswer | null = null;
  const script = (request: SeenRequest): HostileAnswer['wire'] => {
    const good = goodBody(app, request);
    if (count++ !== at) return goodAnswer(good.body, good.status);
    given = spoil(good, seed);
    return given.wire;
  };
  // Which answer never ends is known only when its request is under way already.
  lane.answers(script, { endless: true });
  return () => given;
}

/** Far below the 2 MB of a payload; metadata is large by nature. */
const VALUE_CHARACTERS = 1_900_000;

describe.each(OPERATIONS.map((operation) => [`${operation.app}: ${operation.name}`, operation] as const))(
  '%s',
  (_, operation) => {
    test('ends with a value or one of our errors', async () => {
      const ends: Record<string, number> = {};
      await onLanes(
        lanes,
        fc.sample(spoilt, { numRuns: CASES, seed: SEED + operation.name.length }),
        async (lane, one, index) => {
          const told = spoils(lane, operation.app, one);
          const end = await attempt(lane, operation).catch((error: unknown) =>
            inCase(`case ${index}: ${told()?.text}`, SEED, () => {
              throw error;
            }),
          );
          ends[end] = (ends[end] ?? 0) + 1;
        },
      );
      expect(ends.value).toBeGreaterThan(0);
      expect(Object.keys(ends).length).toBeGreaterThan(2);
      recordOutcome('fuzz', `hostile answers to ${operation.app}: ${operation.name}`, { answers: CASES, ...ends });
    });
  },
);

async function attempt(lane: HostileLane, { app, run }: ConnectorOperation): Promise<string> {
  const connector = lane.connector(app);
  const facts = { instanceUrl: INSTANCE[app], settings: SETTINGS[app], scopes: SCOPES[app], accountId: 'a-1' };
  const context = fixedContext({
    http: lane.http,
    connector,
    accessToken: OLD.accessToken,
    mask: SecretMask.of(OLD.accessToken),
    facts,
  });
  let value: unknown;
  try {
    value = await run(connector, context);
  } catch (error) {
    const { name, code, message } = error as { name?: string; code?: unknown; message?: string };
    if (name !== 'HawserError' || typeof code !== 'string' || !isErrorCode(code) || code === 'internal') throw error;
    if ((message ?? '').length > 2_000) throw new Error(`A text of ${message?.length} characters.`, { cause: error });
    return code;
  }
  const text = JSON.stringify(value) ?? 'null';
  if (text.length > VALUE_CHARACTERS) throw new Error(`A value of ${text.length} characters.`);
  return 'value';
}

test.each(APPS)('%s: a verification takes nothing away but by the word of the app', async (app) => {
  const ends: Record<string, number> = {};
  await onLanes(lanes, fc.sample(spoilt, { numRuns: VERIFICATIONS, seed: SEED + 77 }), async (lane, one, index) => {
    const told = spoils(lane, app, one);
    const at = Date.now();
    const state = lane.connection(app);
    await inCase(`verification ${index}`, SEED, async () => {
      const outcome = await verifyActivity(lane.deps(), {
        state,
        requirements: ['constructor:read', 'organizations:write'],
      });
      const said = told()?.text;
      await inCase(`answer: ${said}`, SEED, () => {
        const after = transition(state, { type: 'verified', outcome });
        expectSoundState(after, at);
        expectNoSecret([outcome, after], [OLD.accessToken, OLD.refreshToken!]);
        expect(lane.vault.versions.get(1)?.secret).toEqual(OLD);
        // A rejection asks for a renewal first; it ends nothing by itself.
        expect(leaseOf(after)).toMatchObject({ kind: 'yes', version: 1 });
        if (outcome.kind === 'answered' && !outcome.accepted)
          expect(said).toMatch(/ 401 |INVALID_SESSION_ID|INVALID_AUTH_HEADER|invalid_token|"id":null/);
      });
      const end = outcome.kind === 'answered' ? `accepted: ${outcome.accepted}` : outcome.code;
      ends[end] = (ends[end] ?? 0) + 1;
    });
  });
  expect(Object.keys(ends)).toEqual(expect.arrayContaining(['accepted: true', 'accepted: false', 'app_unavailable']));
  recordOutcome('fuzz', `hostile verifications, ${app}`, { answers: VERIFICATIONS, ...ends });
});

test('nobody left a rejection unhandled', async () => expect(await rejections()).toEqual([]));
