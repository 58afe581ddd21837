/** Does a plain value fit its field? Checked when a recipe is saved and started, so that it does not fail at its first event. */
import type { FieldSchema } from '#connector-sdk/manifest.js';
import { readMoment } from '#connector-sdk/read-moment.js';
import { hasLostDigits } from '#domain/exact-json.js';

/** Why it does not; null when it does. An empty value is not judged here. */
export function unfit(field: FieldSchema, value: unknown): string | null {
  const named = `The field "${field.name}"`;
  if (!fits(field.type, value)) return `${named} must be of type ${field.type}.`;
  if (field.type === 'datetime') return unfitMoment(named, field, String(value));
  if (field.type === 'number' && hasLostDigits(value)) return `${named} has more digits than a number keeps.`;
  if (field.pattern !== undefined && !new RegExp(field.pattern, 'u').test(String(value)))
    return `${named} cannot be "${short(String(value))}"${field.hint ? `: ${field.hint}` : '.'}`;
  return null;
}

/** What a mapping gives whatever is read: it is a plain text, number, true, false or null. Undefined for any other. */
export function constantIn(expression: string): string | number | boolean | null | undefined {
  const text = expression.trim();
  const quoted = /^'([^'\\]*)'$/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  if (!/^(".*"|-?\d[\d.eE+-]*|true|false|null)$/s.test(text)) return undefined;
  try {
    return JSON.parse(text) as string | number | boolean | null;
  } catch {
    return undefined;
  }
}

/** The same for a constant of a mapping: scalars become text, and texts numbers, as `fitInput` does it. */
export function unfitConstant(field: FieldSchema, value: string | number | boolean | null): string | null {
  if (value === null || (typeof value === 'string' && value.trim() === '')) return null;
  switch (field.type) {
    case 'string':
      return unfit(field, String(value));
    case 'number':
      return unfit(field, typeof value === 'string' && !Number.isNaN(Number(value)) ? 0 : value);
    case 'boolean':
      return unfit(field, value === 'true' ? true : value === 'false' ? false : value);
    // A list may be written as one text with commas, and what an object is made of is the connector's matter.
    case 'array':
      return null;
    case 'datetime':
    case 'object':
      return unfit(field, value);
  }
}

function unfitMoment(named: string, { words = [] }: FieldSchema, value: string): string | null {
  const word = value.trim().toLowerCase();
  if (words.includes(word)) return null;
  const moment = readMoment(value);
  if (moment !== null && moment <= LATEST_MOMENT) return null;
  const other = words.length > 0 ? `${words.map((one) => `"${one}"`).join(', ')}, or ` : '';
  return `${named} cannot be read as a moment ("${short(value)}"): give ${other}a date such as 2026-01-31 or 2026-01-31T09:00:00+01:00 (UTC where no zone is named).`;
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** Beyond it no app that we know takes a date. */
const LATEST_MOMENT = Date.parse('3999-12-31T00:00:00Z');

function fits(type: FieldSchema['type'], value: unknown): boolean {
  switch (type) {
    case 'string':
    case 'datetime':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && !Array.isArray(value);
  }
}
