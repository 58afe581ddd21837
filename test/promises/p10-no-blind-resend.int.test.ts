/**
 * Promise 10: no blind resend of what may have reached the app. Every ambiguous moment times every kind of write: what must not be sent
 * twice and cannot be looked up, what has a key, and what may be sent twice. The app's log counts. (A lost worker: p10-lost-worker.)
 */
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { jobsOf, startedRecipe, untilPolled } from '../support/recipes.js';
import { recordOutcome } from '../support/record-outcome.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';
import type { Fault, LogEntry } from '../support/emulator-control.js';

type Kind = 'blind' | 'by_key' | 'repeatable';
interface Outcome {
  sends: number;
  accepted: number;
  status: string;
  code?: string;
}

const BINDING = { blind: 'crm', by_key: 'help', repeatable: 'help' } as const;
const STEP = {
  blind: {
    id: 'write',
    binding: BINDING.blind,
    operation: 'create_record',
    input: { object: '"Contact"', fields: '{ "LastName": trigger.Name }' },
  },
  by_key: {
    id: 'write',
    binding: BINDING.by_key,
    operation: 'create_organization',
    input: { external_id: '"key-" & trigger.Id', name: '"key " & trigger.Name' },
  },
  repeatable: {
    id: 'write',
    binding: BINDING.repeatable,
    operation: 'create_or_update_organization',
    input: { external_id: 'trigger.Id', name: 'trigger.Name' },
  },
};
const WRITTEN: Record<Kind, (entry: LogEntry, name: string) => boolean> = {
  blind: ({ path, body }, name) => path.endsWith('/sobjects/Contact') && body?.LastName === name,
  by_key: ({ path, body }, name) =>
    path.endsWith('/api/v2/organizations') && body?.organization?.name === `key ${name}`,
  repeatable: ({ path, body }, name) => path.endsWith('/create_or_update') && body?.organization?.name === name,
};
const PATH: Record<Kind, string> = {
  blind: '/\\/sobjects\\/Contact$/',
  by_key: '/\\/api\\/v2\\/organizations$/',
  repeatable: '/\\/create_or_update$/',
};
const KINDS = Object.keys(STEP) as Kind[];

let hawser: BorrowedHawser;
const recipes = {} as Record<Kind, string>;
beforeAll(async () => {
  hawser = await borrowHawser('brief');
  const { api } = hawser;
  const crm = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const help = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const bindings = { crm: { app: 'salesforce', connectionId: crm }, help: { app: 'zendesk', connectionId: help } };
  const trigger = { binding: 'crm', operation: 'new_or_updated_account', input: { since: 'now' } };
  for (const kind of KINDS) {
    recipes[kind] = await startedRecipe(api, {
      name: kind,
      definition: { trigger, steps: [STEP[kind]], concurrency: 5 },
      bindings,
    });
    await untilPolled(api, recipes[kind]);
  }
}, 180_000);
afterAll(() => hawser?.stop(), 60_000);

/** One account, one fault for each kind's first send; answers what became of each. */
async function outcomes(name: string, fault: (kind: Kind) => Omit<Fault, 'path'>): Promise<Record<Kind, Outcome>> {
  const { api, emulators } = hawser;
  for (const kind of KINDS) {
    const app = BINDING[kind] === 'crm' ? 'salesforce' : 'zendesk';
    await emulators.fault({ app, method: 'POST', path: PATH[kind], times: 1, ...fault(kind) });
  }
  const before = new Set(
    (await Promise.all(KINDS.map((kind) => jobsOf(api, recipes[kind])))).flat().map(({ id }) => id),
  );
  await emulators.createRecord('salesforce/production', 'Account', { Name: name });
  const ended = async (kind: Kind): Promise<Outcome> => {
    const job = await eventually(
      `the job of ${kind}`,
      async () => {
        const all = await jobsOf(api, recipes[kind]);
        return all.find(({ id, status }) => !before.has(id) && ['succeeded', 'failed'].includes(status));
      },
      90_000,
      250,
    );
    const writes = (await emulators.log()).filter((entry) => entry.method === 'POST' && WRITTEN[kind](entry, name));
    const { error } = await api.ok('GET', `/v1/jobs/${job.id}`);
    return {
      sends: writes.length,
      accepted: writes.filter((entry) => entry.accepted).length,
      status: job.status,
      ...(error && { code: error.code }),
    };
  };
  const [blind, byKey, repeatable] = await Promise.all([ended('blind'), ended('by_key'), ended('repeatable')]);
  const found = { blind, by_key: byKey, repeatable } as Record<Kind, Outcome>;
  recordOutcome('p10', name, found);
  return found;
}

const json = { 'content-type': 'application/json' };
const ONCE: Outcome = { sends: 1, accepted: 1, status: 'succeeded' };
const AGAIN: Outcome = { sends: 2, accepted: 1, status: 'succeeded' };
const STOPPED = { status: 'failed', code: 'outcome_unknown' };

const REJECTED: Record<'crm' | 'help', Omit<Fault, 'path'>> = {
  crm: {
    kind: 'status',
    status: 401,
    headers: json,
    body: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }],
  },
  help: { kind: 'status', status: 401, headers: json, body: { error: 'invalid_token', error_description: 'No.' } },
};
const SLOW_DOWN: Record<'crm' | 'help', Omit<Fault, 'path'>> = {
  crm: {
    kind: 'status',
    status: 403,
    headers: json,
    body: [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
  },
  help: {
    kind: 'status',
    status: 429,
    headers: { ...json, 'retry-after': '1' },
    body: { error: 'TooManyRequests', description: 'Slow down.' },
  },
};

test.each<[string, (kind: Kind) => Omit<Fault, 'path'>]>([
  ['401', (kind) => REJECTED[BINDING[kind]]],
  ['429', (kind) => SLOW_DOWN[BINDING[kind]]],
  // RFC 9110 section 15.6.4: the server did not handle the request.
  ['a 503 (g30)', () => ({ kind: 'status', status: 503, body: 'down' })],
])(
  'p10: %s: surely refused, so it is sent again, whatever it is',
  async (name, fault) => {
    expect(await outcomes(name, fault)).toEqual({ blind: AGAIN, by_key: AGAIN, repeatable: AGAIN });
  },
  120_000,
);

test.each<[string, Omit<Fault, 'path'>]>([
  ['a reset after the work', { kind: 'close_after' }],
  ['an answer that comes too late', { kind: 'delay_after', delayMs: 6_000 }],
])(
  'p10: %s: done once, found where it can be found, else named',
  async (name, fault) => {
    expect(await outcomes(name, () => fault)).toEqual({
      blind: { sends: 1, accepted: 1, ...STOPPED },
      by_key: ONCE,
      repeatable: ONCE,
    });
  },
  120_000,
);

test.each<[string, Omit<Fault, 'path'>]>([
  ['a 502', { kind: 'status', status: 502, body: 'down' }],
  ['a reset before the work', { kind: 'close_before' }],
])(
  'p10: %s: looked up, found undone, sent again; else named',
  async (name, fault) => {
    expect(await outcomes(name, () => fault)).toEqual({
      blind: { sends: 1, accepted: 0, ...STOPPED },
      by_key: AGAIN,
      repeatable: AGAIN,
    });
  },
  120_000,
);
