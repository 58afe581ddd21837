/** Whatever a caller may send has a bound: every text, list, map and free value of every endpoint. */
import { z } from 'zod';
import { ENDPOINTS } from '#contract/endpoints.js';

type Schema = Record<string, any>;

/** `*`, `+` or `{2,}` in a pattern: it matches texts of any length. */
const ENDLESS = /(?<!\\)[*+]|\{\d+,\}/;

/** Places of a JSON schema (2020-12) without a bound. `closed`: further members of an object are refused or dropped by themselves. */
function unbounded(schema: Schema, at: string, defs: Schema): string[] {
  const inner = (part: Schema, name: string): string[] => unbounded(part, `${at}/${name}`, defs);
  if (typeof schema.$ref === 'string') return inner(defs[schema.$ref.replace('#/$defs/', '')] ?? {}, '$ref');
  if (schema.const !== undefined || Array.isArray(schema.enum) || schema.not !== undefined) return [];
  const choices: Schema[] | undefined = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices) return choices.flatMap((one, index) => inner(one, String(index)));
  switch (schema.type) {
    case 'string': {
      const byPattern = typeof schema.pattern === 'string' && !ENDLESS.test(schema.pattern);
      return schema.maxLength !== undefined || byPattern ? [] : [`${at}: a text`];
    }
    case 'array':
      return [...(schema.maxItems === undefined ? [`${at}: a list`] : []), ...inner(schema.items ?? {}, 'items')];
    case 'object':
      return ofObject(schema, at, inner);
    case 'integer':
    case 'number':
      return schema.maximum === undefined || schema.minimum === undefined ? [`${at}: a number`] : [];
    case 'boolean':
    case 'null':
      return [];
    default:
      return schema['x-maxLength'] === undefined ? [`${at}: anything`] : [];
  }
}

function ofObject(schema: Schema, at: string, inner: (part: Schema, name: string) => string[]): string[] {
  const named = Object.entries<Schema>(schema.properties ?? {}).flatMap(([name, part]) => inner(part, name));
  const free = schema.additionalProperties;
  if (free === undefined || free === false) return named;
  return [
    ...named,
    ...(schema.maxProperties === undefined ? [`${at}: a map`] : []),
    ...inner(schema.propertyNames ?? { type: 'string' }, 'names'),
    ...inner(free === true ? {} : free, '*'),
  ];
}

function boundsOf(schema: z.ZodType, at: string): string[] {
  const { $defs = {}, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
  return unbounded(json, at, $defs);
}

test('g17: nothing that a caller sends is without a bound', () => {
  const found = ENDPOINTS.flatMap(({ operationId, params, query, body }) =>
    Object.entries({ params, query, body }).flatMap(([part, schema]) =>
      schema ? boundsOf(schema, `${operationId} ${part}`) : [],
    ),
  );
  expect(found).toEqual([]);
});

test('g17: bodies and queries take no member that nobody named, unless it is one of a bounded map', () => {
  const open = ENDPOINTS.flatMap(({ operationId, query, body }) =>
    Object.entries({ query, body }).flatMap(([part, schema]) => {
      if (!schema) return [];
      const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
      const objects: Schema[] = json.anyOf ?? [json];
      const loose = objects.some((one) => one.type === 'object' && one.additionalProperties === undefined);
      return loose ? [`${operationId} ${part}`] : [];
    }),
  );
  expect(open).toEqual([]);
});

test('the check sees something', () => {
  const free = z.object({
    text: z.string(),
    pattern: z.string().regex(/^[a-z]+$/),
    list: z.array(z.boolean()),
    map: z.record(z.string(), z.unknown()),
    any: z.unknown(),
  });
  expect(boundsOf(free, 'x')).toEqual([
    'x/text: a text',
    'x/pattern: a text',
    'x/list: a list',
    'x/map: a map',
    'x/map/names: a text',
    'x/map/*: anything',
    'x/any: anything',
  ]);
});
