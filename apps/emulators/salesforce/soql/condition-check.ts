import type { Org, Row } from '../../core/org.js';
import type { User } from '../../core/types.js';
import { SalesforceError } from '../api-error.js';
import { normalId } from '../ids.js';
import type { Field, SObject } from '../schema/field.js';
import { parseTime } from '../wire-time.js';
import { bindPath, comparable, follow } from './field-path.js';
import type { Condition, Literal, Operator, Query } from './query-tree.js';
import { soqlError } from './soql-error.js';

export type Check = (row: Row) => boolean;

export interface Bindings {
  org: Org;
  user: User;
  object: SObject;
  text: string;
  /** Values of the one field that an inner query selects. */
  inner(query: Query): unknown[];
}

/** Turns a condition into a check of rows; all its names and types are examined first, whatever rows there are. */
export function checkOf(condition: Condition, bind: Bindings): Check {
  if (condition.kind === 'not') {
    const part = checkOf(condition.part, bind);
    return (row) => !part(row);
  }
  if (condition.kind === 'and' || condition.kind === 'or') {
    const parts = condition.parts.map((part) => checkOf(part, bind));
    return condition.kind === 'and'
      ? (row) => parts.every((part) => part(row))
      : (row) => parts.some((part) => part(row));
  }
  const path = bindPath(bind.text, bind.user, bind.object, condition.path);
  const value = (row: Row): string | number | boolean | null => comparable(path.field, follow(bind.org, row, path));
  if (condition.kind === 'compare') {
    const test = comparison(bind, path.field, condition.operator, condition.value);
    return (row) => test(value(row));
  }
  const values: unknown[] =
    condition.kind === 'semijoin'
      ? bind.inner(condition.query).map((one) => comparable(path.field, one))
      : condition.values.map((literal) => literalValue(bind, path.field, literal));
  const wanted = condition.operator === 'in';
  const set = new Set(values);
  return (row) => set.has(value(row)) === wanted;
}

type Value = string | number | boolean | null;

function comparison(bind: Bindings, field: Field, operator: Operator, literal: Literal): (value: Value) => boolean {
  if (operator === 'like') {
    if (literal.kind !== 'string') throw mustBe(bind, field, literal, 'string', true);
    const pattern = likePattern(literal.pattern);
    return (value) => value !== null && pattern.test(String(value));
  }
  if (literal.kind === 'period') {
    const [from, until] = period(literal.name, literal.n, bind.org.now());
    if (operator === '=') return (value) => typeof value === 'number' && value >= from && value < until;
    if (operator === '!=') return (value) => !(typeof value === 'number' && value >= from && value < until);
    const edge = operator === '>' || operator === '<=' ? until - 1 : from;
    return (value) => ordered(value, operator, edge);
  }
  const wanted = literalValue(bind, field, literal);
  if (operator === '=') return (value) => value === wanted;
  // Unlike SQL, `!=` also meets null.
  if (operator === '!=') return (value) => value !== wanted;
  // `Id > ''` is where a keyset begins; everything comes after the empty text.
  const edge = wanted === null && literal.kind === 'string' ? '' : wanted;
  return (value) => ordered(value, operator, edge);
}

function ordered(value: Value, operator: Operator, wanted: Value): boolean {
  if (value === null || wanted === null) return false;
  if (operator === '<') return value < wanted;
  if (operator === '<=') return value <= wanted;
  return operator === '>' ? value > wanted : value >= wanted;
}

const typeNames: Partial<Record<Field['type'], string>> = {
  datetime: 'dateTime',
  date: 'date',
  int: 'integer',
  double: 'double',
  currency: 'double',
  boolean: 'boolean',
};

function mustBe(bind: Bindings, field: Field, literal: Literal, type: string, quoted: boolean): Error {
  const text = `value of filter criterion for field '${field.name}' must be of type ${type} and should ${quoted ? '' : 'not '}be enclosed in quotes`;
  return soqlError('INVALID_FIELD', bind.text, literal.position, text);
}

function literalValue(bind: Bindings, field: Field, literal: Literal): Value {
  if (literal.kind === 'null') return field.type === 'boolean' ? false : null;
  const type = typeNames[field.type];
  if (type !== undefined) {
    const fits =
      field.type === 'datetime' || field.type === 'date'
        ? literal.kind === field.type
        : literal.kind === (field.type === 'boolean' ? 'boolean' : 'number');
    if (!fits) throw mustBe(bind, field, literal, type, false);
    if (literal.kind === 'datetime') return parseTime(literal.text);
    if (literal.kind === 'date') return Date.parse(`${literal.text}T00:00:00Z`);
    return 'value' in literal ? literal.value : null;
  }
  if (literal.kind !== 'string') throw mustBe(bind, field, literal, 'string', true);
  if (field.type !== 'id' && field.type !== 'reference') return literal.text.toLowerCase();
  if (literal.text === '') return null;
  const id = normalId(literal.text);
  if (!id)
    throw new SalesforceError(
      400,
      'INVALID_QUERY_FILTER_OPERATOR',
      soqlError('', bind.text, literal.position, `invalid ID field: ${literal.text}`).message,
    );
  return id;
}

function likePattern(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern[at] ?? '';
    if (letter === '\\' && at + 1 < pattern.length) {
      at += 1;
      source += escapeRegular(pattern[at] ?? '');
    } else if (letter === '%') source += '[\\s\\S]*';
    else source += letter === '_' ? '[\\s\\S]' : escapeRegular(letter);
  }
  return new RegExp(`^${source}$`, 'i');
}

function escapeRegular(letter: string): string {
  return letter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const dayMs = 86_400_000;

/** From (inclusive) until (exclusive), in UTC days. */
function period(name: string, n: number, now: number): [number, number] {
  const today = Math.floor(now / dayMs) * dayMs;
  if (name === 'YESTERDAY') return [today - dayMs, today];
  if (name === 'TOMORROW') return [today + dayMs, today + 2 * dayMs];
  if (name === 'LAST_N_DAYS') return [today - n * dayMs, today + dayMs];
  if (name === 'NEXT_N_DAYS') return [today + dayMs, today + (n + 1) * dayMs];
  return [today, today + dayMs];
}
