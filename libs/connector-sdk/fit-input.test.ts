import { fitInput } from './fit-input.js';
import type { FieldSchema } from './manifest.js';

const field = (name: string, type: FieldSchema['type'], more: Partial<FieldSchema> = {}): FieldSchema => ({
  name,
  label: name.toUpperCase(),
  type,
  required: false,
  ...more,
});
const FIELDS = [
  field('name', 'string', { required: true }),
  field('notes', 'string', { emptyClears: true }),
  field('priority', 'string'),
  field('owner', 'number'),
  field('open', 'boolean'),
  field('tags', 'array'),
  field('more', 'object'),
];
const fitted = (input: Record<string, unknown>): unknown => fitInput(FIELDS, { name: 'A', ...input });

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['null in an optional field is not given', { priority: null, owner: null, tags: null, more: null }, {}],
  ['nor is an empty or blank text', { priority: '', owner: ' ', tags: '' }, {}],
  ['null clears where the data says so', { notes: null }, { notes: null }],
  ['and so does an empty text', { notes: '' }, { notes: '' }],
  ['a number is text where a text is wanted', { name: 7, priority: 1.5 }, { name: '7', priority: '1.5' }],
  ['true and false too', { priority: false, notes: true }, { priority: 'false', notes: 'true' }],
  ['digits are a number where a number is wanted', { owner: '42' }, { owner: 42 }],
  [
    'digits that a number would change stay as they are',
    { owner: '12345678901234567890' },
    { owner: '12345678901234567890' },
  ],
  ['a word stays as it is, for the guard', { owner: 'me' }, { owner: 'me' }],
  ['texts of booleans', { open: 'true' }, { open: true }],
  [
    'lists, objects and fields that nobody knows are left alone',
    { tags: ['a'], more: { x: null }, own: null },
    { tags: ['a'], more: { x: null }, own: null },
  ],
])('g28: %s', (_, input, expected) => expect(fitted(input)).toEqual({ name: 'A', ...expected }));

test.each<[string, unknown, string]>([
  ['null', null, 'gives null (what it reads is empty)'],
  ['nothing', undefined, 'gives nothing (what it reads is absent)'],
  ['a blank text', '  ', 'gives an empty text'],
  ['a list', ['a'], 'gives a list; join it'],
  ['an object', { a: 1 }, 'gives an object'],
])('g28: %s in a required field is refused, naming field, expression and what it gives', (_, value, words) => {
  const refused = (): unknown => fitInput(FIELDS, { name: value }, { name: 'trigger.Name' });
  expect(refused).toThrow(expect.objectContaining({ code: 'mapping_failed', options: { pointer: '/input/name' } }));
  for (const named of ['"name" (NAME)', '`trigger.Name`', words]) expect(refused).toThrow(named);
});

test('g28: a required field that the recipe does not map is named too', () => {
  expect(() => fitInput(FIELDS, {})).toThrow(
    '"name" (NAME) does not fit. It is required, and it is empty: nothing is mapped to it.',
  );
});
