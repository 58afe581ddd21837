/** Bad input: each gets its code and a sentence that names field, cause and cure; nothing changes; nothing hangs. */
import { expectProblem, type ExpectedProblem } from '../support/expect-problem.js';
import { Api } from '../support/api.js';
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { accountsToOrganizations, createRecipe } from '../support/recipes.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
let salesforce: string;
let zendesk: string;
beforeAll(async () => {
  hawser = await borrowHawser();
  salesforce = await connected(hawser.api, 'salesforce', SALESFORCE_ADMIN);
  zendesk = await connected(hawser.api, 'zendesk', ZENDESK_ADMIN);
}, 180_000);
afterAll(() => hawser?.stop());

/** What a caller could have changed. */
const everything = async (): Promise<unknown> => {
  const { api } = hawser;
  const lists = await Promise.all(
    ['/v1/connections', '/v1/recipes', '/v1/app-clients', '/v1/jobs'].map((path) => api.ok('GET', path)),
  );
  // Announcing that a connection came up runs beside its work and counts its revision on; no caller did that.
  return lists.map(({ items }) => items.map(({ revision: _, ...item }: { revision?: number }) => item));
};

/** Runs bad requests and proves that they changed nothing. */
async function refused(requests: () => Promise<void>): Promise<void> {
  const before = await everything();
  await requests();
  expect(await everything()).toEqual(before);
}

const connection = (part: object = {}): object => ({
  app: 'zendesk',
  name: 'Bad',
  settings: { subdomain: 'acme' },
  ...part,
});

/** A body whose field at `pointer` is refused by a sentence that names it. */
const invalid = (pointer: string, names: RegExp): ExpectedProblem => ({
  status: 400,
  code: 'request_invalid',
  pointer,
  names,
});

describe('bodies', () => {
  const cases: [string, string, unknown, ExpectedProblem][] = [
    ['unknown app', '/v1/connections', connection({ app: 'nosuch' }), invalid('/app', /nosuch/)],
    [
      'unknown app of an app client',
      '/v1/app-clients',
      { app: 'nosuch', name: 'N', clientId: 'x', clientSecret: null },
      invalid('/app', /nosuch/),
    ],
    ['unknown field', '/v1/connections', connection({ colour: 'red' }), invalid('/colour', /colour/)],
    [
      'unknown setting',
      '/v1/connections',
      connection({ settings: { subdomain: 'acme', colour: 'red' } }),
      invalid('/settings/colour', /colour/),
    ],
    ['missing field', '/v1/connections', { app: 'zendesk', settings: { subdomain: 'acme' } }, invalid('/name', /name/)],
    ['missing setting', '/v1/connections', connection({ settings: {} }), invalid('/settings/subdomain', /subdomain/i)],
    [
      'a setting that leads elsewhere',
      '/v1/connections',
      connection({ settings: { subdomain: 'evil.example/' } }),
      invalid('/settings/subdomain', /subdomain/i),
    ],
    ['field of another type', '/v1/connections', connection({ name: 7 }), invalid('/name', /name/)],
    [
      'unknown app client',
      '/v1/connections',
      connection({ appClientId: 'cli_nosuch' }),
      invalid('/appClientId', /cli_nosuch/),
    ],
    ['no JSON', '/v1/connections', '{"app": zendesk', invalid('', /JSON/)],
    ['no body at all', '/v1/connections', '', { status: 400, code: 'request_invalid', names: /body/ }],
    [
      '2 MB',
      '/v1/connections',
      JSON.stringify(connection({ name: 'x'.repeat(2_000_000) })),
      { status: 413, code: 'too_large', names: /1 MB/ },
    ],
    [
      'nested 10,000 deep',
      '/v1/connections',
      `{"app":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      { status: 413, code: 'too_large', names: /nested/ },
    ],
    [
      'a poisoned prototype',
      '/v1/connections',
      '{"__proto__": {"admin": true}, "app": "zendesk"}',
      { status: 400, code: 'request_invalid', pointer: '' },
    ],
  ];
  test.each(cases)('%s', (_, path, body, expected) =>
    refused(async () => expectProblem(await hawser.api.send('POST', path, body), expected)),
  );

  test('another content type', () =>
    refused(async () => {
      const answer = await hawser.api.send('POST', '/v1/connections', JSON.stringify(connection()), {
        'content-type': 'text/plain',
      });
      expectProblem(answer, { status: 400, code: 'request_invalid', names: /Content-Type/ });
    }));
});

describe('recipes', () => {
  const recipe = (change: (recipe: any) => void): unknown => {
    const made = structuredClone(accountsToOrganizations(salesforce, zendesk, 'now'));
    change(made);
    return made;
  };
  const cases: [string, (recipe: any) => void, string, RegExp][] = [
    [
      'a mapping that does not parse',
      (it) => (it.definition.steps[0].input.name = 'trigger.Name & '),
      '/definition/steps/0/input/name',
      /character/,
    ],
    [
      'a mapping that reads a later step',
      (it) => (it.definition.steps[0].input.name = 'steps.later.id'),
      '/definition/steps/0/input/name',
      /later/,
    ],
    [
      'a mapping without its quotes',
      (it) => (it.definition.steps[0].input.name = 'Acme'),
      '/definition/steps/0/input/name',
      /quotes/,
    ],
    [
      'an unknown field of the action',
      (it) => (it.definition.steps[0].input.colour = '"red"'),
      '/definition/steps/0/input/colour',
      /colour/,
    ],
    [
      'a required field that is missing',
      (it) => delete it.definition.steps[0].input.name,
      '/definition/steps/0/input/name',
      /required/,
    ],
    [
      'an unknown action',
      (it) => (it.definition.steps[0].operation = 'nosuch'),
      '/definition/steps/0/operation',
      /nosuch/,
    ],
    [
      'an unknown trigger',
      (it) => (it.definition.trigger.operation = 'nosuch'),
      '/definition/trigger/operation',
      /nosuch/,
    ],
    [
      'a trigger input that means nothing',
      (it) => (it.definition.trigger.input.colour = 'red'),
      '/definition/trigger/input/colour',
      /colour/,
    ],
    ['no binding at all', (it) => (it.bindings = {}), '/bindings', /binds nothing/],
    ['a binding of an unknown app', (it) => (it.bindings.zendesk.app = 'nosuch'), '/bindings/zendesk/app', /nosuch/],
    [
      'a connection of another app',
      (it) => (it.bindings.zendesk.connectionId = salesforce),
      '/bindings/zendesk/connectionId',
      /salesforce/,
    ],
    ['no steps', (it) => (it.definition.steps = []), '/definition/steps', /steps/],
  ];
  test.each(cases)('%s', (_, change, pointer, names) =>
    refused(async () =>
      expectProblem(await hawser.api.send('POST', '/v1/recipes', recipe(change)), {
        status: 400,
        code: 'request_invalid',
        pointer,
        names,
      }),
    ),
  );

  test('start without a connection names each binding and what to do', async () => {
    const { api } = hawser;
    const id = await createRecipe(api, accountsToOrganizations(null, zendesk));
    await refused(async () => {
      const answer = await api.send('POST', `/v1/recipes/${id}/start`, {});
      expectProblem(answer, { status: 409, code: 'not_connected', names: /salesforce/i });
      expect(answer.body.bindings).toEqual([
        expect.objectContaining({ binding: 'salesforce', action: 'bind', text: expect.stringMatching(/\.$/) }),
      ]);
    });
  });
});

describe('callers', () => {
  const asked = (key: string | null, headers: Record<string, string> = {}) =>
    new Api(hawser.api.url, key).send('POST', '/v1/connections', connection(), headers);
  test('no key, wrong key, no well-formed key', () =>
    refused(async () => {
      expectProblem(await asked(null), { status: 401, code: 'unauthenticated', names: /missing/ });
      expectProblem(await asked(`hk_${'A'.repeat(43)}`), { status: 401, code: 'unauthenticated', names: /not known/ });
      expectProblem(await asked(null, { authorization: 'Basic YTpi' }), {
        status: 401,
        code: 'unauthenticated',
        names: /well-formed/,
      });
    }));

  test('a foreign Host header, with a good key and without', () =>
    refused(async () => {
      for (const key of [hawser.api.key, null]) {
        expectProblem(await asked(key, { host: 'rebound.example' }), {
          status: 421,
          code: 'host_refused',
          names: /Host/,
        });
      }
    }));

  test('a page that does not exist, a wrong query, a cursor that is none', () =>
    refused(async () => {
      const { api } = hawser;
      expectProblem(await api.send('GET', '/v1/nosuch'), { status: 404, code: 'not_found' });
      expectProblem(await api.send('GET', '/v1/jobs?colour=red'), {
        status: 400,
        code: 'request_invalid',
        pointer: '#/query/colour',
        names: /colour/,
      });
      expectProblem(await api.send('GET', '/v1/jobs?limit=0'), {
        status: 400,
        code: 'request_invalid',
        pointer: '#/query/limit',
        names: /limit/,
      });
      expectProblem(await api.send('GET', '/v1/jobs?cursor=zzz'), {
        status: 400,
        code: 'request_invalid',
        pointer: '#/query/cursor',
        names: /cursor/,
      });
      expectProblem(await api.send('GET', '/v1/connections?cursor=%00'), {
        status: 400,
        code: 'request_invalid',
        pointer: '#/query/cursor',
        names: /cursor/,
      });
    }));
});
