/** What a user of Zendesk expects of lists, numbers and empty values. */
import { fitInput } from '#connector-sdk/fit-input.js';
import { isAsWished } from '#connector-sdk/is-as-wished.js';
import { scriptedContext } from '#connector-sdk/scripted-context.js';
import { wordList } from '../../../apps/emulators/zendesk/word-list.js';
import { zendeskConnector as connector } from './zendesk-connector.js';

/** What is sent, through the same two readings as in a worker. */
async function sent(action: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const json = { organization: { id: 9, name: 'A' }, ticket: { id: 5 } };
  const { context, asked } = scriptedContext(connector, () => ({ status: 201, json }));
  const { input: fields } = connector.manifest.actions.find(({ name }) => name === action)!;
  await connector.actions[action]!.run(context, fitInput(fields, input), 'key');
  const body = asked[0]!.json as Record<string, Record<string, unknown>>;
  return body['organization'] ?? body['ticket']!;
}
const organization = { external_id: 'x', name: 'A' };

test.each<[string, unknown, string[]]>([
  ['commas', 'vip, gold customer', ['vip', 'gold', 'customer']],
  ['one word', 'vip', ['vip']],
  ['a list with two words in one', ['VIP', 'gold customer'], ['vip', 'gold', 'customer']],
  ['the same twice', 'vip vip,VIP', ['vip']],
  ['numbers, and empty ones between', [2026, null, '', true], ['2026', 'true']],
  ['an empty list clears', [], []],
])('g33: tags and domains by %s', async (_, given, expected) => {
  expect(await sent('create_or_update_organization', { ...organization, tags: given, domain_names: given })).toEqual({
    ...organization,
    tags: expected,
    domain_names: expected,
  });
  expect(await sent('create_ticket', { subject: 'S', comment: 'C', tags: given })).toMatchObject({ tags: expected });
  // What the account keeps of it is what was sent: a lost answer can be compared.
  expect(isAsWished({ tags: expected }, { tags: wordList(expected) })).toBe(true);
});

test('g33: two domains in one text', async () => {
  expect(await sent('create_organization', { name: 'A', domain_names: 'a.example, b.example' })).toEqual({
    name: 'A',
    domain_names: ['a.example', 'b.example'],
  });
});

test('g33: a list where a word was expected, and an object, are refused with what is wanted', async () => {
  await expect(sent('create_ticket', { subject: 'S', comment: 'C', tags: { a: 1 } })).rejects.toThrow(
    /"tags".*a list of texts, or one text with commas/,
  );
});

test('g28: empty optional fields are not given; details and notes are cleared', async () => {
  const nothing = { domain_names: null, tags: null, organization_fields: null };
  expect(
    await sent('create_or_update_organization', { ...organization, ...nothing, details: null, notes: '' }),
  ).toEqual({
    ...organization,
    details: null,
    notes: '',
  });
  expect(await sent('create_organization', { name: 'A', external_id: null })).toEqual({ name: 'A' });
  const empty = { priority: null, organization_id: '', requester_id: null, external_id: '', tags: '' };
  expect(await sent('create_ticket', { subject: 'S', comment: 'C', ...empty })).toEqual({
    subject: 'S',
    comment: { body: 'C' },
  });
});

test('g28: numbers and booleans become text where text is wanted', async () => {
  expect(await sent('create_ticket', { subject: 7, comment: false, external_id: 5, organization_id: '42' })).toEqual({
    subject: '7',
    comment: { body: 'false' },
    external_id: '5',
    organization_id: 42,
  });
});
