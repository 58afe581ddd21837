/** Requests to our API, made from its OpenAPI document: valid ones, nearly valid ones, and wild ones. */
import fc from 'fast-check';
import { fromSchema, type Meaning } from './from-schema.js';
import { almost, hostileValue, OBJECT_WORDS } from './hostile-json.js';
import { markOf, type Noun } from './live-ids.js';
import type { OpenApi, Operation } from './openapi-operations.js';

export interface ApiRequest {
  operation: Operation;
  kind: 'valid' | 'nearly valid' | 'wild';
  method: string;
  /** Path and query, with marks for living ids. */
  path: string;
  headers: Record<string, string>;
  /** Text with marks, or bytes as they are; null = no body. */
  body: string | Buffer | null;
}

const number = fc.nat(999);
const idOf = (noun: Noun): fc.Arbitrary<string> => number.map((at) => markOf(noun, at));

/** What the words of the contract mean: without it hardly a body would get past the first check. */
const MEANINGS: Record<string, fc.Arbitrary<unknown>> = {
  app: fc.constantFrom('salesforce', 'zendesk', 'zendesk', ...OBJECT_WORDS),
  appClientId: fc.oneof(idOf('appClient'), fc.constant(null)),
  connectionId: fc.oneof(idOf('connection'), fc.constant(null)),
  attemptId: idOf('attempt'),
  binding: fc.constantFrom('salesforce', 'zendesk', 'constructor'),
  operation: fc.constantFrom(
    'new_or_updated_account',
    'create_or_update_organization',
    'create_ticket',
    'create_record',
    ...OBJECT_WORDS,
  ),
  settings: fc.constantFrom(
    { subdomain: 'acme' },
    { environment: 'production' },
    { environment: 'custom', domain: 'acme.my.salesforce.com' },
    {},
  ),
  bindings: fc.record({
    salesforce: fc.record({
      app: fc.constant('salesforce'),
      connectionId: fc.oneof(idOf('connection'), fc.constant(null)),
    }),
    zendesk: fc.constant({ app: 'zendesk' }),
  }),
  definition: fc.record({
    trigger: fc.record({
      binding: fc.constant('salesforce'),
      operation: fc.constant('new_or_updated_account'),
      input: fc.constantFrom({}, { since: 'now' }, { since: '2026-01-01T00:00:00Z' }),
    }),
    steps: fc.constantFrom(
      [
        {
          id: 'organization',
          binding: 'zendesk',
          operation: 'create_or_update_organization',
          input: { external_id: 'trigger.Id', name: 'trigger.Name' },
        },
      ],
      [
        {
          id: 'constructor',
          binding: 'zendesk',
          operation: 'create_ticket',
          input: { subject: 'trigger.Name', comment: '"hello"' },
        },
      ],
    ),
    concurrency: fc.integer({ min: 1, max: 5 }),
  }),
  requirements: fc.array(
    fc.constantFrom('Account:read', 'organizations:write', 'api:use', 'constructor:read', '__proto__', ':'),
    { maxLength: 4 },
  ),
  force: fc.constantFrom('true', 'false'),
  limit: fc.constantFrom('1', '2', '200'),
};
const meaning: Meaning = (field) => (Object.hasOwn(MEANINGS, field) ? MEANINGS[field]! : null);

const SEGMENTS = [
  '%00',
  '%2e%2e',
  '..%2f..',
  '%2F',
  'a%2Fb',
  '%',
  '%zz',
  '%ED%A0%80',
  '%F0%9F%92%A5',
  '%20',
  '*',
  '@',
  "'",
  '"',
  '$ne',
  '{id}',
  ':id',
  '-1',
  'null',
  'undefined',
  '%0d%0ax-evil:%201',
  ';x=1',
  'x'.repeat(300),
  'x'.repeat(301),
  'x'.repeat(399),
  'y'.repeat(5_000),
  'con_'.padEnd(24, '0'),
  ...OBJECT_WORDS,
];
const NOUN_OF: Record<string, Noun> = {
  connections: 'connection',
  'app-clients': 'appClient',
  recipes: 'recipe',
  jobs: 'job',
  connect: 'link',
};

function segmentOf({ path }: Operation, name: string): fc.Arbitrary<string> {
  const noun: Noun | null =
    name === 'attemptId' ? 'attempt' : (NOUN_OF[path.split('/').find((part) => part in NOUN_OF) ?? ''] ?? null);
  const real =
    name === 'id' || name === 'attemptId' || name === 'link'
      ? idOf(noun ?? 'connection')
      : fc.constantFrom(
          'salesforce',
          'zendesk',
          'Account',
          'organization',
          'objects',
          'picklist_values',
          'organization_field_options',
        );
  return fc.oneof(
    { weight: 7, arbitrary: real },
    { weight: 1, arbitrary: idOf('recipe') },
    { weight: 2, arbitrary: fc.constantFrom(...SEGMENTS) },
  );
}

function pathOf(operation: Operation): fc.Arbitrary<string> {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  return fc
    .tuple(...names.map((name) => segmentOf(operation, name)))
    .map((segments) =>
      names.reduce((path, name, at) => path.replace(`{${name}}`, () => segments[at]!), operation.path),
    );
}

const WILD_QUERIES = [
  'limit=1&limit=2',
  'limit[]=1',
  'limit[$gt]=0',
  'cursor=',
  'cursor=%00',
  'cursor=a.b',
  `cursor=${'c'.repeat(3_000)}`,
  '__proto__=1',
  'constructor[prototype]=1',
  '&&&=&',
  '%',
  '%zz=%zz',
  'x'.repeat(9_000),
  'limit=1e400',
  'limit=0x10',
  'limit=-1',
  'force=yes',
  'object=Account&field=constructor',
  'state=a&code=b',
  'state=%00',
  'error=access_denied',
  '?',
  '#',
  ';',
  'app=__proto__',
  'status=constructor',
];

function queryOf(api: OpenApi, operation: Operation): fc.Arbitrary<string> {
  const declared = operation.parameters.filter((parameter) => parameter.in === 'query');
  const valid = fc
    .record(Object.fromEntries(declared.map(({ name, schema }) => [name, fromSchema(api, schema, meaning, name)])), {
      requiredKeys: [],
    })
    .map((values) =>
      queryText(
        Object.entries(values).flatMap(([name, value]) =>
          typeof value === 'object' && value !== null ? Object.entries(value) : [[name, value]],
        ),
      ),
    );
  return fc.oneof({ weight: 8, arbitrary: valid }, { weight: 2, arbitrary: fc.constantFrom(...WILD_QUERIES) });
}

const queryText = (pairs: unknown[][]): string =>
  new URLSearchParams(pairs.map(([name, value]): [string, string] => [String(name), String(value)]))
    .toString()
    .replace(/%40%40(\w+)%3A(\d+)%40%40/g, '@@$1:$2@@');

type Body = Pick<ApiRequest, 'body' | 'kind'> & { type?: string };

const WILD_BODIES: (string | Buffer)[] = [
  '',
  ' ',
  '{',
  '[',
  'null',
  '[]',
  '"x"',
  '0',
  '{}{}',
  '{"a":1,}',
  "{'a':1}",
  '\ufeff{}',
  '{"a":\u0000}',
  'NaN',
  '{"__proto__":{"app":"zendesk"}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '{"app":"zendesk","app":"salesforce","name":"a","name":"b"}',
  `{"a":${'['.repeat(60)}${']'.repeat(60)}}`,
  `${'{"a":'.repeat(60)}1${'}'.repeat(60)}`,
  `{"name":"${'n'.repeat(1_100_000)}"}`,
  `[${'0,'.repeat(200_000)}0]`,
  `{${Array.from({ length: 5_000 }, (_, at) => `"k${at}":1`).join(',')}}`,
  'a=b&c=d',
  '<x/>',
  Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
  Buffer.from('{"name":"\xff\xfe","app":"zendesk"}', 'latin1'),
  Buffer.from('{}', 'utf16le'),
  Buffer.alloc(2_000, 0),
];
const TYPES = [
  'application/json',
  'application/json; charset=latin1',
  'application/json;charset=',
  'text/plain',
  'application/xml',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
  'application/vnd.api+json',
  'x',
  '',
];

function bodyOf(api: OpenApi, operation: Operation): fc.Arbitrary<Body> {
  const wild = fc.record({
    kind: fc.constant<'wild'>('wild'),
    body: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...WILD_BODIES) },
      { weight: 3, arbitrary: hostileValue },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)) },
    ),
    type: fc.oneof(
      { weight: 3, arbitrary: fc.constant('application/json') },
      { weight: 1, arbitrary: fc.constantFrom(...TYPES) },
    ),
  });
  if (operation.method === 'GET') return fc.constant({ kind: 'valid', body: null });
  if (operation.body === null)
    return fc.oneof(
      { weight: 4, arbitrary: fc.constant<Body>({ kind: 'valid', body: null }) },
      { weight: 1, arbitrary: wild },
    );
  const value = fromSchema(api, operation.body, meaning);
  return fc.oneof(
    { weight: 4, arbitrary: value.map((made): Body => ({ kind: 'valid', body: JSON.stringify(made) })) },
    {
      weight: 5,
      arbitrary: value.chain((made) => almost(made).map((text): Body => ({ kind: 'nearly valid', body: text }))),
    },
    { weight: 2, arbitrary: wild },
  );
}

const KEYS = ['k1', 'k2', 'k3', '', ' ', 'x'.repeat(201), '\u00e9', 'a b', '__proto__'];

/** Any request to this operation. Its API key is added when it is sent. */
export function requestTo(api: OpenApi, operation: Operation): fc.Arbitrary<ApiRequest> {
  return fc
    .record({
      path: pathOf(operation),
      query: queryOf(api, operation),
      body: bodyOf(api, operation),
      repeat: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...KEYS) }),
      accept: fc.constantFrom('application/json', '*/*', 'text/html', 'image/png', 'x'),
    })
    .map(({ path, query, body: { kind, body, type }, repeat, accept }) => ({
      operation,
      kind:
        WILD_QUERIES.includes(query) || path.split('/').some((segment) => SEGMENTS.includes(segment)) ? 'wild' : kind,
      method: operation.method,
      path: query === '' ? path : `${path}?${query}`,
      headers: {
        accept,
        ...(repeat === null || operation.parameters.every(({ name }) => name !== 'Idempotency-Key')
          ? {}
          : { 'idempotency-key': repeat }),
        ...(body === null ? {} : type === '' ? {} : { 'content-type': type ?? 'application/json' }),
      },
      body,
    }));
}
