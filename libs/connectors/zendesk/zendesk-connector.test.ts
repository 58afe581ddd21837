import type { AppRequest } from '#connector-sdk/connector.js';
import { checkSettings, fillTemplate } from '#connector-sdk/authorize-url.js';
import type { OAuth2Manifest } from '#connector-sdk/manifest.js';
import { scriptedContext, type ScriptedAnswer } from '#connector-sdk/scripted-context.js';
import { zendeskManifest } from './manifest.js';
import { zendeskConnector as connector } from './zendesk-connector.js';

const me = (more: object) => ({
  user: { id: 27411800000009, name: 'Ada', role: 'admin', custom_role_id: null, ...more },
});
const facts = { instanceUrl: 'https://acme.zendesk.com', settings: { subdomain: 'acme' }, scopes: ['read', 'write'] };

function verify(
  user: object,
  requirements: string[] = [],
  more: { roles?: ScriptedAnswer; scopes?: string[]; me?: ScriptedAnswer } = {},
) {
  const answer = ({ path }: AppRequest): ScriptedAnswer =>
    path.endsWith('/users/me')
      ? (more.me ?? { json: me(user) })
      : (more.roles ?? { status: 404, json: { error: 'InvalidEndpoint' } });
  return connector.verify(
    scriptedContext(connector, answer, { ...facts, scopes: more.scopes ?? facts.scopes }).context,
    requirements,
  );
}
const roles = (editing: boolean) => ({
  json: { custom_roles: [{ id: 7, name: 'Light', configuration: { organization_editing: editing } }] },
});

describe('verify', () => {
  it('tells who it is', async () => {
    expect(await verify({}, ['organizations:write', 'tickets:write', 'organizations:read'])).toEqual({
      accepted: true,
      account: { id: '27411800000009', label: 'Ada' },
      instance: { id: 'acme', url: 'https://acme.zendesk.com', label: 'acme' },
      missing: [],
      satisfied: ['organizations:write', 'tickets:write', 'organizations:read'],
    });
  });

  it('200 for nobody in particular is no proof', async () =>
    expect(await verify({ id: null, name: 'Anonymous user', role: 'end-user' })).toMatchObject({ accepted: false }));

  it('401 is not accepted', async () => {
    expect(await verify({}, [], { me: { status: 401, json: { error: 'invalid_token' } } })).toMatchObject({
      accepted: false,
    });
  });

  it.each([429, 503])('%d is no answer', async (status) => {
    await expect(verify({}, [], { me: { status } })).rejects.toMatchObject({ class: 'retry' });
  });

  it('a grant without read is a missing scope, not a dead token', async () => {
    const refused = {
      status: 403,
      json: { error: 'Forbidden', description: 'You are missing the following required scopes: users:read, read' },
    };
    await expect(verify({}, [], { me: refused })).rejects.toMatchObject({
      code: 'scope_missing',
      options: { requirement: 'users:read' },
    });
  });

  it.each<[string, object, ScriptedAnswer | undefined, string[], boolean]>([
    ['an administrator', {}, undefined, ['read', 'write'], true],
    ['a plain agent', { role: 'agent' }, undefined, ['read', 'write'], false],
    ['an agent whose custom role may', { role: 'agent', custom_role_id: 7 }, roles(true), ['read', 'write'], true],
    [
      'an agent whose custom role may not',
      { role: 'agent', custom_role_id: 7 },
      roles(false),
      ['read', 'write'],
      false,
    ],
    [
      'an agent whose roles cannot be read',
      { role: 'agent', custom_role_id: 7 },
      { status: 403, json: { error: { title: 'Forbidden', message: '' } } },
      ['read', 'write'],
      false,
    ],
    ['an administrator with the narrow scope', {}, undefined, ['read', 'organizations:write'], true],
    ['an administrator without the scope', {}, undefined, ['read'], false],
    ['an administrator, scopes not known', {}, undefined, [], true],
  ])('%s', async (_, user, customRoles, granted, may) => {
    const result = await verify(user, ['organizations:write'], {
      ...(customRoles ? { roles: customRoles } : {}),
      scopes: granted,
    });
    expect([result.satisfied, result.missing.map(({ requirement }) => requirement)]).toEqual(
      may ? [['organizations:write'], []] : [[], ['organizations:write']],
    );
  });

  it('an end user is told to connect as an agent', async () => {
    const result = await verify({ role: 'end-user' }, ['tickets:write', 'user:agent']);
    expect(result.missing.map(({ requirement }) => requirement)).toEqual(['user:agent', 'tickets:write']);
  });
});

describe('actions', () => {
  const organization = { id: 9, name: 'Acme', external_id: '001A', updated_at: '2026-11-25T10:00:00Z' };
  const run = (
    action: string,
    input: Record<string, unknown>,
    answer: ScriptedAnswer,
    how: 'run' | 'lookUp' = 'run',
  ) => {
    const { context, asked } = scriptedContext(connector, () => answer, facts);
    return { result: connector.actions[action]![how]!(context, input, 'step-key'), asked };
  };

  it.each([
    [201, true],
    [200, false],
  ])('create_or_update_organization: %d', async (status, created) => {
    const { result, asked } = run(
      'create_or_update_organization',
      { external_id: 42, name: ' Acme ', domain_names: 'acme.example', organization_fields: { tier: 'gold' } },
      { status, json: { organization } },
    );
    expect(await result).toEqual({
      id: 9,
      name: 'Acme',
      external_id: '001A',
      updated_at: '2026-11-25T10:00:00Z',
      created,
    });
    expect(asked[0]).toMatchObject({
      method: 'POST',
      path: '/api/v2/organizations/create_or_update',
      idempotent: true,
      requirement: 'organizations:write',
      json: {
        organization: {
          external_id: '42',
          name: 'Acme',
          domain_names: ['acme.example'],
          organization_fields: { tier: 'gold' },
        },
      },
    });
  });

  it('create_ticket carries the step key, which makes it repeatable', async () => {
    const { result, asked } = run(
      'create_ticket',
      { subject: 'S', comment: 'C' },
      { status: 201, json: { ticket: { id: 5, status: 'new' } } },
    );
    expect(await result).toEqual({ id: 5, status: 'new' });
    expect(asked[0]).toMatchObject({
      headers: { 'idempotency-key': 'step-key' },
      idempotent: true,
      json: { ticket: { subject: 'S', comment: { body: 'C' } } },
    });
  });

  const sent = Date.parse('2026-11-30T10:00:00Z');
  const ticket = { id: 5, status: 'new', external_id: 'x', subject: 'S', created_at: '2026-11-30T09:58:00Z' };
  it.each<[string, object, object | null]>([
    ['made by it, by a clock that is behind', ticket, { id: 5, status: 'new' }],
    ['made long before it', { ...ticket, created_at: '2026-11-29T10:00:00Z' }, null],
    ['another subject', { ...ticket, subject: 'T' }, null],
    ['another external id', { ...ticket, external_id: 'y' }, null],
  ])('g07: create_ticket is looked up when its key is forgotten: %s', async (_, found, expected) => {
    const { context, asked } = scriptedContext(connector, () => ({ json: { tickets: [found] } }), facts);
    const input = { subject: 'S', comment: 'C', external_id: 'x' };
    expect(await connector.actions['create_ticket']!.lookUp!(context, input, 'key', sent)).toEqual(expected);
    expect(asked).toMatchObject([{ method: 'GET', path: '/api/v2/tickets', query: { external_id: 'x' } }]);
  });

  it('g07: a ticket without an external id cannot be looked up', async () => {
    const action = connector.actions['create_ticket']!;
    const { context } = scriptedContext(connector, () => ({}), facts);
    await expect(action.lookUp!(context, { subject: 'S', comment: 'C' }, 'key', sent)).rejects.toMatchObject({
      code: 'outcome_unknown',
    });
    expect(action.canLookUp!({ subject: 'S', comment: 'C' })).toBe(false);
  });

  it('create_organization is not repeatable, but can be looked up by its external id', async () => {
    const input = { name: 'Acme', external_id: '001A' };
    expect(run('create_organization', input, { status: 201, json: { organization } }).asked[0]).toMatchObject({
      idempotent: false,
    });
    expect(
      await run('create_organization', input, { json: { organizations: [organization] } }, 'lookUp').result,
    ).toMatchObject({ id: 9 });
    expect(await run('create_organization', input, { json: { organizations: [] } }, 'lookUp').result).toBeNull();
    await expect(run('create_organization', { name: 'Acme' }, {}, 'lookUp').result).rejects.toMatchObject({
      code: 'outcome_unknown',
    });
  });

  it.each<[string, object[], object | null]>([
    [
      'done, and made by it',
      [{ ...organization, details: 'd', created_at: 't1', updated_at: 't1' }],
      { id: 9, created: true },
    ],
    [
      'done, and there before',
      [{ ...organization, details: 'd', created_at: 't0', updated_at: 't1' }],
      { id: 9, created: false },
    ],
    ['done, with another case of the id', [{ ...organization, external_id: '001a', details: 'd' }], { id: 9 }],
    ['not done: another detail', [{ ...organization, details: 'old' }], null],
    ['not done: nothing there', [], null],
  ])('create_or_update_organization is looked up after a lost answer: %s', async (_, organizations, expected) => {
    const input = { name: 'Acme', external_id: '001A', details: 'd' };
    const { result, asked } = run('create_or_update_organization', input, { json: { organizations } }, 'lookUp');
    const found = await result;
    if (expected) expect(found).toMatchObject(expected);
    else expect(found).toBeNull();
    expect(asked).toMatchObject([{ method: 'GET', query: { external_id: '001A' } }]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['create_or_update_organization', { external_id: 'x' }, 'name'],
    ['create_or_update_organization', { name: 'x' }, 'external_id'],
    ['create_or_update_organization', { name: 'x', external_id: 'x', nmae: 'y' }, 'nmae'],
    ['create_ticket', { subject: 'x', comment: 'y', priority: 'asap' }, 'priority'],
  ])('%s refuses %p naming the field', async (action, input, named) => {
    await expect(run(action, input, {}).result).rejects.toMatchObject({
      code: 'mapping_failed',
      message: expect.stringContaining(named) as string,
    });
  });
});

describe("words of others that are names of every object's own", () => {
  it('a field type, a requirement and a setting named constructor find nothing', async () => {
    const field = { id: 1, key: 'x', type: 'constructor', title: 'X', active: true };
    const { context } = scriptedContext(
      connector,
      ({ path }) => ({ json: { [path.split('/').pop()!]: [field] } }),
      facts,
    );
    const { fields } = await connector.object(context, 'organization');
    expect(fields.find(({ name }) => name === 'organization_fields.x')).toMatchObject({ type: 'string' });
    expect(
      await verify({ role: 'agent', custom_role_id: 7 }, ['constructor:write'], { roles: roles(false) }),
    ).toMatchObject({
      satisfied: ['constructor:write'],
    });
    const auth = { substitutions: { host: { one: 'first' } } } as unknown as OAuth2Manifest;
    expect(fillTemplate('{host}', auth, { host: 'constructor' })).toBe('constructor');
    expect(fillTemplate('{host}', auth, { host: 'one' })).toBe('first');
  });
});

describe('metadata and settings', () => {
  const fields = [
    {
      id: 1,
      key: 'tier',
      type: 'dropdown',
      title: 'Tier',
      active: true,
      custom_field_options: [{ name: 'Gold', value: 'gold' }],
    },
    { id: 2, key: 'old', type: 'text', title: 'Old', active: false },
  ];
  const { context } = scriptedContext(connector, ({ path }) => ({ json: { [path.split('/').pop()!]: fields } }), facts);

  it('shows custom fields where their values live', async () => {
    const { fields: shown } = await connector.object(context, 'organization');
    expect(shown.find(({ name }) => name === 'organization_fields.tier')).toMatchObject({
      custom: true,
      label: 'Tier',
      picklist: [{ value: 'gold', label: 'Gold' }],
    });
    expect(shown.map(({ name }) => name)).not.toContain('organization_fields.old');
    expect((await connector.object(context, 'ticket')).fields.map(({ name }) => name)).toContain('custom_fields.1');
    expect(await connector.picklist(context, 'organization_field_options', { field: 'tier' })).toEqual([
      { value: 'gold', label: 'Gold' },
    ]);
    await expect(connector.picklist(context, 'organization_field_options', { field: 'nope' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(connector.object(context, 'nope')).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each(['acme', 'a', 'acme-uat2'])('takes the subdomain %s', (subdomain) =>
    expect(checkSettings(zendeskManifest, { subdomain })).toEqual({ subdomain }),
  );
  it.each(['', 'acme.zendesk.com', 'evil.example/', 'https://acme', '-acme', 'Acme'])(
    'refuses the subdomain %p',
    (subdomain) => {
      expect(() => checkSettings(zendeskManifest, { subdomain })).toThrow(/subdomain/);
    },
  );
});
