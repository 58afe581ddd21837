import { scriptedContext, type ScriptedAnswer } from '#connector-sdk/scripted-context.js';
import type { AppRequest } from '#connector-sdk/connector.js';
import { authorizeUrl, checkSettings } from '#connector-sdk/authorize-url.js';
import { salesforceManifest } from './manifest.js';
import { longId } from './record-id.js';
import { salesforceConnector as connector } from './salesforce-connector.js';
import { isValidFor } from './valid-for.js';

const ORG = '00D000000000001EAA';
const USER = '005000000000001AAA';
const field = (name: string, more: object = {}) => ({
  name,
  label: name,
  type: 'string',
  createable: true,
  updateable: true,
  ...more,
});
const account = {
  name: 'Account',
  label: 'Account',
  queryable: true,
  createable: true,
  updateable: false,
  deletable: false,
  fields: [
    field('Id', { type: 'id', createable: false, updateable: false, nillable: false, defaultedOnCreate: true }),
    field('Name', { nillable: false }),
    field('Rating', {
      type: 'picklist',
      createable: false,
      updateable: false,
      picklistValues: [
        { value: 'Hot', label: 'Hot', active: true },
        { value: 'Old', label: 'Old', active: false },
      ],
    }),
    field('Country', {
      type: 'picklist',
      picklistValues: [
        { value: 'DE', label: 'Germany' },
        { value: 'FR', label: 'France' },
      ],
    }),
    // Bit 0 = DE: 0x80, bit 1 = FR: 0x40.
    field('City', {
      type: 'picklist',
      dependentPicklist: true,
      controllerName: 'Country',
      picklistValues: [
        { value: 'Berlin', label: 'Berlin', validFor: btoa('\x80') },
        { value: 'Paris', label: 'Paris', validFor: btoa('\x40') },
        { value: 'Both', label: 'Both', validFor: btoa('\xc0') },
      ],
    }),
    field('BillingAddress', { type: 'address' }),
  ],
};

/** A small org. `change` overrides answers by the end of the path. */
const org =
  (change: Record<string, ScriptedAnswer> = {}) =>
  (request: AppRequest): ScriptedAnswer => {
    for (const [end, answer] of Object.entries(change)) if (request.path.endsWith(end)) return answer;
    if (request.path.endsWith('/userinfo'))
      return { json: { user_id: USER, organization_id: ORG, preferred_username: 'ada@acme.example', name: 'Ada' } };
    if (request.path.endsWith('/limits')) return { json: { DailyApiRequests: { Max: 15000, Remaining: 14000 } } };
    if (request.path.endsWith('/Account/describe')) return { json: account };
    return { status: 404, json: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }] };
  };
const verify = (requirements: string[], change?: Record<string, ScriptedAnswer>) =>
  connector.verify(
    scriptedContext(connector, org(change), { instanceUrl: 'https://acme.my.salesforce.com' }).context,
    requirements,
  );

describe('verify', () => {
  it('tells who it is, and names what is missing', async () => {
    const result = await verify([
      'Account:read',
      'Account:create',
      'Account:edit',
      'Account.Rating:edit',
      'Account.Gone__c:read',
      'Invoice__c:read',
      'api:use',
      'nonsense',
    ]);
    expect(result).toMatchObject({
      accepted: true,
      account: { id: USER, label: 'ada@acme.example' },
      instance: { id: ORG, url: 'https://acme.my.salesforce.com', label: 'acme.my.salesforce.com' },
      satisfied: ['Account:read', 'Account:create', 'api:use'],
    });
    expect(result.missing.map(({ requirement }) => requirement)).toEqual([
      'Account:edit',
      'Account.Rating:edit',
      'Account.Gone__c:read',
      'Invoice__c:read',
      'nonsense',
    ]);
    expect(result.missing[0]?.text).toContain('edit records of the object Account');
  });

  it.each<[string, Record<string, ScriptedAnswer>]>([
    ['userinfo', { '/userinfo': { status: 403, text: 'Bad_OAuth_Token' } }],
    [
      'the API',
      {
        '/limits': { status: 401, json: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }] },
      },
    ],
  ])('%s does not accept the token: not accepted', async (_, change) =>
    expect(await verify([], change)).toMatchObject({ accepted: false }),
  );

  it('an API that is refused to the user is a missing right, not a dead token', async () => {
    const refused = { status: 403, json: [{ errorCode: 'API_DISABLED_FOR_ORG', message: 'not enabled' }] };
    expect(await verify(['Account:read'], { '/limits': refused })).toMatchObject({
      accepted: true,
      missing: [{ requirement: 'api:use' }, { requirement: 'Account:read' }],
      satisfied: [],
    });
  });

  it.each([503, 500])('%d is no answer', async (status) => {
    await expect(verify([], { '/userinfo': { status, text: '<html></html>' } })).rejects.toMatchObject({
      code: 'app_unavailable',
    });
  });

  it('a stranger that answers is not believed', async () => {
    await expect(verify([], { '/userinfo': { json: { hello: 1 } } })).rejects.toMatchObject({
      code: 'app_misconfigured',
    });
  });
});

describe('actions', () => {
  const run = (
    action: string,
    input: Record<string, unknown>,
    answer: ScriptedAnswer,
    how: 'run' | 'lookUp' = 'run',
  ) => {
    const { context, asked } = scriptedContext(connector, () => answer);
    return { result: connector.actions[action]![how]!(context, input, 'step-1'), asked };
  };

  it('create_record is not idempotent and names its requirement', async () => {
    const { result, asked } = run(
      'create_record',
      { object: 'Account', fields: { Name: 'A' } },
      { status: 201, json: { id: '001000000000001AAA', success: true, errors: [] } },
    );
    expect(await result).toEqual({ id: '001000000000001AAA' });
    expect(asked[0]).toMatchObject({
      method: 'POST',
      path: '/services/data/v60.0/sobjects/Account',
      json: { Name: 'A' },
      idempotent: false,
      requirement: 'Account:create',
    });
  });

  it('create_record is looked up by an external id, or cannot be told', async () => {
    const input = { object: 'Account', fields: { Name: 'A', Ext__c: 'a/b' }, externalIdField: 'Ext__c' };
    const found = run('create_record', input, { json: { Id: '001000000000001AAA' } }, 'lookUp');
    expect(await found.result).toEqual({ id: '001000000000001AAA' });
    expect(found.asked[0]?.path).toBe('/services/data/v60.0/sobjects/Account/Ext__c/a%2Fb');
    const gone = { status: 404, json: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }] };
    expect(await run('create_record', input, gone, 'lookUp').result).toBeNull();
    const hidden = {
      status: 404,
      json: [
        { errorCode: 'NOT_FOUND', message: 'Provided external ID field does not exist or is not accessible: Ext__c' },
      ],
    };
    await expect(run('create_record', input, hidden, 'lookUp').result).rejects.toMatchObject({ code: 'right_missing' });
    await expect(
      run('create_record', { object: 'Account', fields: { Name: 'A' } }, {}, 'lookUp').result,
    ).rejects.toMatchObject({ code: 'outcome_unknown' });
  });

  it.each<[string, ScriptedAnswer, unknown]>([
    [
      'created',
      { status: 201, json: { id: '001000000000001AAA', success: true, created: true } },
      { id: '001000000000001AAA', created: true },
    ],
    [
      'updated',
      { status: 200, json: { id: '001000000000001AAA', success: true, created: false } },
      { id: '001000000000001AAA', created: false },
    ],
    ['updated, before v46', { status: 204 }, { created: false }],
  ])('upsert_record: %s; the key is not repeated in the body', async (_, answer, expected) => {
    const { result, asked } = run(
      'upsert_record',
      { object: 'Account', externalIdField: 'Ext__c', externalId: 42, fields: { Name: 'A', Ext__c: '42' } },
      answer,
    );
    expect(await result).toEqual(expected);
    expect(asked[0]).toMatchObject({ method: 'PATCH', json: { Name: 'A' }, idempotent: true });
  });

  const found = { Id: '001000000000001AAA', Name: 'A', CreatedDate: 't0', LastModifiedDate: 't1' };
  it.each<[string, ScriptedAnswer, object | null]>([
    ['done, and there before', { json: found }, { id: '001000000000001AAA', created: false }],
    [
      'done, and made by it',
      { json: { ...found, LastModifiedDate: 't0' } },
      { id: '001000000000001AAA', created: true },
    ],
    ['not done: another name', { json: { ...found, Name: 'B' } }, null],
    ['not done: nothing there', { status: 404, json: [{ errorCode: 'NOT_FOUND', message: 'gone' }] }, null],
  ])('upsert_record is looked up after a lost answer: %s', async (_, answer, expected) => {
    const input = { object: 'Account', externalIdField: 'Ext__c', externalId: 42, fields: { Name: 'A', Ext__c: '42' } };
    const { result, asked } = run('upsert_record', input, answer, 'lookUp');
    expect(await result).toEqual(expected);
    expect(asked).toMatchObject([{ method: 'GET', path: '/services/data/v60.0/sobjects/Account/Ext__c/42' }]);
  });

  it.each<[string, ScriptedAnswer, object | null]>([
    ['done', { json: found }, { id: '001000000000001AAA' }],
    ['not done', { json: { ...found, Name: 'B' } }, null],
  ])('update_record is looked up after a lost answer: %s', async (_, answer, expected) => {
    const input = { object: 'Account', id: '001000000000001AAA', fields: { Name: 'A' } };
    expect(await run('update_record', input, answer, 'lookUp').result).toEqual(expected);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['create_record', { object: 'Account/../Contact', fields: { Name: 'A' } }, 'object'],
    ['create_record', { object: 'Account', fields: {} }, 'fields'],
    ['create_record', { object: 'Account', fields: { Name: { a: 1 } } }, 'fields.Name'],
    ['update_record', { object: 'Account', id: "x' OR", fields: { Name: 'A' } }, 'id'],
    ['update_record', { object: 'Account', id: '001000000000001', fields: { Name: 'A' }, extra: 1 }, 'extra'],
  ])('%s refuses %p naming the field', async (action, input, named) => {
    const { result, asked } = run(action, input, {});
    await expect(result).rejects.toMatchObject({
      code: 'mapping_failed',
      message: expect.stringContaining(named) as string,
    });
    expect(asked).toEqual([]);
  });
});

describe('metadata', () => {
  const { context } = scriptedContext(
    connector,
    org({ '/sobjects': { json: { sobjects: [account, { name: 'Hidden', label: 'H', queryable: false }] } } }),
  );

  it('lists objects and describes one', async () => {
    expect(await connector.objects(context)).toEqual([
      { name: 'Account', label: 'Account', custom: false, createable: true, updateable: false },
    ]);
    const schema = await connector.object(context, 'Account');
    expect(schema.fields.find(({ name }) => name === 'Name')).toMatchObject({ required: true, createable: true });
    expect(schema.fields.find(({ name }) => name === 'Rating')).toMatchObject({
      picklist: [{ value: 'Hot', label: 'Hot' }],
      updateable: false,
    });
    await expect(connector.object(context, 'Nope')).rejects.toMatchObject({
      code: 'right_missing',
      options: { requirement: 'Nope:read' },
    });
  });

  it.each<[Record<string, string>, string[]]>([
    [{ object: 'Account', field: 'Rating' }, ['Hot']],
    [{ object: 'Account', field: 'City' }, ['Berlin', 'Paris', 'Both']],
    [{ object: 'Account', field: 'City', controllingValue: 'DE' }, ['Berlin', 'Both']],
    [{ object: 'Account', field: 'City', controllingValue: 'FR' }, ['Paris', 'Both']],
    [{ object: 'Account', field: 'City', controllingValue: 'XX' }, []],
  ])('picklist of %p', async (parameters, expected) => {
    expect((await connector.picklist(context, 'picklist_values', parameters)).map(({ value }) => value)).toEqual(
      expected,
    );
  });

  it('reads the bitmap bit by bit', () => {
    const bitmap = btoa(String.fromCharCode(0b0000_0001, 0b1000_0000));
    expect([0, 6, 7, 8, 9, 99].map((index) => isValidFor(bitmap, index))).toEqual([
      false,
      false,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('facts and data', () => {
  it.each([
    ['https://acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
    ['https://acme.my.salesforce.com/', 'https://acme.my.salesforce.com'],
    ['https://acme.lightning.force.com', undefined],
    ['http://acme.my.salesforce.com', undefined],
    ['https://a:b@acme.my.salesforce.com', undefined],
    ['https://evil.example', undefined],
    ['https://acme.my.salesforce.com.evil.example', undefined],
    ['https://notsalesforce.com', undefined],
    ['https://acme.my.salesforce.com:8443', undefined],
    ['https://na1.salesforce.com', 'https://na1.salesforce.com'],
    ['https://acme--uat.sandbox.my.salesforce.com', 'https://acme--uat.sandbox.my.salesforce.com'],
    ['nonsense', undefined],
    [undefined, undefined],
  ])('instance_url %p gives %p', (instanceUrl, expected) =>
    expect(connector.tokenFacts({ instance_url: instanceUrl }, {}).instanceUrl).toBe(expected),
  );

  it('makes 18 characters of 15', () => {
    expect(longId('001A0000006Vm9u')).toBe('001A0000006Vm9uIAC');
    expect(longId('001A0000006Vm9uIAC')).toBe('001A0000006Vm9uIAC');
  });

  it.each<[Record<string, string>, string | RegExp]>([
    [{}, 'https://login.salesforce.com/services/oauth2/authorize?'],
    [{ environment: 'sandbox' }, 'https://test.salesforce.com/services/oauth2/authorize?'],
    [
      { environment: 'custom', domain: 'acme--uat.sandbox.my.salesforce.com' },
      'https://acme--uat.sandbox.my.salesforce.com/services/oauth2/authorize?',
    ],
    [{ environment: 'custom' }, /"domain".*required/],
    [{ environment: 'custom', domain: 'evil.example' }, /"domain" has a wrong form/],
    [{ environment: 'custom', domain: 'acme.my.salesforce.com.evil.example' }, /wrong form/],
    [{ environment: 'custom', domain: 'evil.example/.my.salesforce.com' }, /wrong form/],
    [{ environment: 'custom', domain: '{environment}' }, /wrong form/],
    [{ environment: 'moon' }, /must be one of/],
    [{ planet: 'moon' }, /no setting "planet"/],
  ])('settings %p lead to %p', (given, expected) => {
    const url = () => {
      const settings = checkSettings(salesforceManifest, given);
      return authorizeUrl(salesforceManifest.auth, settings, {
        clientId: 'c',
        redirectUri: 'https://h/cb',
        state: 's',
        scopes: ['api'],
        codeChallenge: 'x',
      });
    };
    if (typeof expected === 'string') expect(url()).toContain(expected);
    else expect(url).toThrow(expected);
  });
});
