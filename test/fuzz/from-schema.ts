/** Values that a JSON schema (2020-12, as OpenAPI 3.1 has it) allows. */
import fc from 'fast-check';
import type { OpenApi, Schema } from './openapi-operations.js';

/** Values that mean something here, by the name of their field: a schema says "text" where only an id of the workspace will do. */
export type Meaning = (field: string) => fc.Arbitrary<unknown> | null;

export function fromSchema(api: OpenApi, schema: Schema, meaning: Meaning, field = '', depth = 0): fc.Arbitrary<any> {
  const meant = meaning(field);
  const made = byShape(api, api.resolve(schema), meaning, field, depth);
  return meant === null ? made : fc.oneof({ weight: 4, arbitrary: meant }, { weight: 1, arbitrary: made });
}

function byShape(api: OpenApi, schema: Schema, meaning: Meaning, field: string, depth: number): fc.Arbitrary<any> {
  const inner = (part: Schema, name = field): fc.Arbitrary<any> => fromSchema(api, part, meaning, name, depth + 1);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return fc.oneof(...choices.map((one: Schema) => inner(one)));
  switch (schema.type) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer({
        min: Math.max(schema.minimum ?? -1_000, -(2 ** 53) + 1),
        max: Math.min(schema.maximum ?? 1_000, 2 ** 53 - 1),
      });
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(inner(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case 'object':
      return objectOf(schema, inner);
    default:
      return depth > 3 ? fc.constant(1) : fc.jsonValue({ maxDepth: 1 });
  }
}

function textOf({ pattern, minLength = 0, maxLength = 100 }: Schema): fc.Arbitrary<string> {
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
  return fc.oneof(
    { weight: 5, arbitrary: fc.string({ minLength: Math.max(minLength, 1), maxLength: Math.min(maxLength, 20) }) },
    {
      weight: 1,
      arbitrary: fc.string({ minLength, maxLength, unit: 'grapheme' }).filter((text) => text.length <= maxLength),
    },
    { weight: 1, arbitrary: fc.constant('m'.repeat(Math.min(maxLength, 12_000))) },
  );
}

function objectOf(schema: Schema, inner: (part: Schema, name?: string) => fc.Arbitrary<any>): fc.Arbitrary<any> {
  const fields = Object.fromEntries(
    Object.entries<Schema>(schema.properties ?? {}).map(([name, part]) => [name, inner(part, name)]),
  );
  const declared = fc.record(fields, {
    requiredKeys: (schema.required ?? []).filter((name: string) => name in fields),
  });
  if (typeof schema.additionalProperties !== 'object' || schema.properties) return declared;
  const names = textOf({ maxLength: 30, ...schema.propertyNames });
  return fc.dictionary(names, inner(schema.additionalProperties, '*'), { maxKeys: 3 });
}
