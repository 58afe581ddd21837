/** What a user of Salesforce expects of multi-selects, parents, types and addresses. */
import { checkSettings } from '#connector-sdk/authorize-url.js';
import type { AppRequest } from '#connector-sdk/connector.js';
import { fitInput } from '#connector-sdk/fit-input.js';
import { scriptedContext, type ScriptedAnswer } from '#connector-sdk/scripted-context.js';
import { salesforceManifest } from './manifest.js';
import { salesforceConnector as connector } from './salesforce-connector.js';

const ID = '001000000000001AAA';
const INPUTS: Record<string, Record<string, unknown>> = {
  create_record: { object: 'Contact' },
  update_record: { object: 'Contact', id: ID },
  upsert_record: { object: 'Contact', externalIdField: 'Ext__c', externalId: 42 },
};
const ok: ScriptedAnswer = { status: 201, json: { id: ID, success: true, created: true } };
const field = (name: string, type: string): object => ({ name, label: name, type });
const description = {
  name: 'Contact',
  label: 'Contact',
  fields: [
    field('Phone', 'phone'),
    field('Size__c', 'double'),
    field('Active__c', 'boolean'),
    field('Title', 'string'),
  ],
};

function run(
  action: string,
  fields: Record<string, unknown>,
  answer: (request: AppRequest) => ScriptedAnswer = () => ok,
) {
  const { context, asked } = scriptedContext(connector, answer);
  const manifest = connector.manifest.actions.find(({ name }) => name === action)!;
  const input = fitInput(manifest.input, { ...INPUTS[action], fields });
  return { done: connector.actions[action]!.run(context, input, 'key'), asked };
}
const actions = Object.keys(INPUTS);

test.each(actions)('g33: %s takes a multi-select as a list', async (action) => {
  const { done, asked } = run(action, { Interests__c: ['Golf', 'Tennis', null], Empty__c: [], One__c: ['a;b'] });
  await done;
  expect(asked[0]?.json).toEqual({ Interests__c: 'Golf;Tennis', Empty__c: null, One__c: 'a;b' });
});

test.each(actions)('g33: %s takes a parent by its external id', async (action) => {
  const parents = { Account: { Ext__c: 'A-1' }, Parent__r: { Number__c: 7 }, Owner: { Id: '005000000000001AAA' } };
  const { done, asked } = run(action, parents);
  await done;
  expect(asked[0]?.json).toEqual(parents);
});

test.each<[string, unknown]>([
  ['two ids', { Account: { A__c: '1', B__c: '2' } }],
  ['none', { Account: {} }],
  ['a parent of a parent', { Account: { Parent: { A__c: '1' } } }],
  ['a list of objects', { Contacts: [{ A__c: '1' }] }],
])('g33: %s is refused before anything is sent, with the cure', async (_, fields) => {
  const { done, asked } = run('create_record', fields as Record<string, unknown>);
  await expect(done).rejects.toThrow(/a list for a multi-select; for a parent by external id/);
  expect(asked).toEqual([]);
});

test.each([
  'acme.my.salesforce.mil',
  'acme--uat.sandbox.my.salesforce.mil',
  'acme.my.sfcrmproducts.cn',
  'acme.my.salesforce.com',
])('g33: %s is a My Domain', (domain) => {
  expect(checkSettings(salesforceManifest, { environment: 'custom', domain })).toMatchObject({ domain });
});
test.each(['acme.salesforce.mil', 'acme.my.salesforce.mil.evil.example', 'acme.my.salesforce.milk'])(
  'g33: %s is none',
  (domain) => expect(() => checkSettings(salesforceManifest, { environment: 'custom', domain })).toThrow(/wrong form/),
);

const refusal: ScriptedAnswer = {
  status: 400,
  json: [
    {
      errorCode: 'JSON_PARSER_ERROR',
      message:
        'Cannot deserialize instance of string from VALUE_NUMBER_INT value 5 or request may be missing a required field',
    },
  ],
};
/** As Salesforce: a body whose types do not fit is refused as a whole. */
const strict = ({ path, json }: AppRequest): ScriptedAnswer => {
  if (path.endsWith('/describe')) return { json: description };
  const { Phone, Size__c, Active__c } = json as Record<string, unknown>;
  const fits =
    (Phone === undefined || typeof Phone === 'string') &&
    (Size__c === undefined || typeof Size__c === 'number') &&
    (Active__c === undefined || typeof Active__c === 'boolean');
  return fits ? ok : refusal;
};

test.each(actions)('g28: %s sends text where text is wanted, whatever the recipe gave', async (action) => {
  const { done, asked } = run(action, { phone: 5, Phone: 5, Size__c: '7', Active__c: 'true', Title: true }, strict);
  expect(await done).toMatchObject({ id: ID });
  expect(asked.at(-1)?.json).toEqual({ phone: '5', Phone: '5', Size__c: 7, Active__c: true, Title: 'true' });
  expect(asked).toHaveLength(3);
});

test('g28: a body that cannot be mended is refused as it was, and sent once', async () => {
  const { done, asked } = run('create_record', { Size__c: 'many', Unknown__c: 1 }, strict);
  await expect(done).rejects.toMatchObject({ code: 'app_rejected_request' });
  expect(asked.map(({ method }) => method)).toEqual(['POST', 'GET']);
});
