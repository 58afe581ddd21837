/** Which fields of an object an event asks for: what the recipe reads first, then standard ones, as far as an address carries them. */
import type { MissingField } from '#connector-sdk/connector.js';
import type { Describe, DescribedField } from '../guards.js';

/** Compound fields repeat their parts; blobs are no event data. */
const LEFT_OUT = new Set(['address', 'location', 'base64']);
/** A query travels in the address, which Salesforce takes up to 16 KB of (414, 431): less the ids, and the growth by encoding. */
const MAX_SELECT_CHARACTERS = 10_000;

export function selectedFields(
  description: Describe,
  wished: readonly string[],
): { fields: string[]; missing: MissingField[] } {
  const fields = new Set(['Id', 'SystemModstamp']);
  const missing: MissingField[] = [];
  let length = 0;
  const take = (name: string): boolean => {
    if (fields.has(name)) return true;
    if (length + name.length + 2 > MAX_SELECT_CHARACTERS) return false;
    length += name.length + 2;
    fields.add(name);
    return true;
  };
  for (const name of new Set(wished)) {
    const text = whyNot(description, name) ?? (take(name) ? null : tooMany(name));
    if (text !== null) missing.push({ field: name, text });
  }
  const rest = description.fields
    .filter(({ type }) => !LEFT_OUT.has(type))
    .sort((a, b) => Number(a.custom) - Number(b.custom));
  for (const { name } of rest) if (!take(name)) break;
  return { fields: [...fields], missing };
}

function whyNot({ name: object, fields }: Describe, wished: string): string | null {
  const found = fields.find(({ name }) => name === wished);
  if (found)
    return found.type === 'base64' ? `The field ${wished} of ${object} holds a file, which is no event data.` : null;
  const other = alike(fields, wished);
  const hint = other ? `; it has ${other.name}` : '';
  return `${object} has no field "${wished}" that the connected user sees${hint}. Correct the name, or give the user the right to read it.`;
}

/** The same name in other letters, or the id of a relationship: what was meant, perhaps. */
const alike = (fields: DescribedField[], wished: string): DescribedField | undefined =>
  fields.find(({ name }) => name.toLowerCase() === wished.toLowerCase()) ??
  fields.find(({ name }) => name === `${wished}Id` || name === `${wished}__c`);

const tooMany = (name: string): string =>
  `The field ${name} is left out: the names of the fields that the recipe reads are longer than the ${MAX_SELECT_CHARACTERS} characters that one query takes. Read fewer fields.`;
