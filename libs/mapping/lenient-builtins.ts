/**
 * The library's functions for people who map fields of apps: null is "not given" (`$uppercase(null)` gives nothing), and where a text is
 * wanted a number or true and false are taken as text. Lists and objects are refused as before.
 */
import jsonata from 'jsonata';
import { GuardError } from './guard-options.js';

export type Builtin = (this: unknown, ...values: unknown[]) => unknown;

/** A text, or what becomes one. `f` where the library takes a function too. */
const TEXT = '(snbl)';
const TEXT_OR_FUNCTION = '(snblf)';
const NUMBER = '(nl)';

/** Name -> its parameters, as the library writes them. A text is wanted where `snbl` stands. */
export const LENIENT = {
  uppercase: [`${TEXT}-`],
  lowercase: [`${TEXT}-`],
  trim: [`${TEXT}-`],
  length: [`${TEXT}-`],
  substring: [`${TEXT}-`, NUMBER, `${NUMBER}?`],
  substringBefore: [`${TEXT}-`, TEXT],
  substringAfter: [`${TEXT}-`, TEXT],
  contains: [`${TEXT}-`, TEXT_OR_FUNCTION],
  split: [`${TEXT}-`, TEXT_OR_FUNCTION, `${NUMBER}?`],
  replace: [`${TEXT}-`, TEXT_OR_FUNCTION, TEXT_OR_FUNCTION, `${NUMBER}?`],
  base64encode: [`${TEXT}-`],
  base64decode: [`${TEXT}-`],
  encodeUrl: [`${TEXT}-`],
  encodeUrlComponent: [`${TEXT}-`],
  decodeUrl: [`${TEXT}-`],
  decodeUrlComponent: [`${TEXT}-`],
  parseInteger: [`${TEXT}-`, 's'],
  string: ['x-', 'b?'],
  number: ['(nsbl)-'],
  floor: [`${NUMBER}-`],
  ceil: [`${NUMBER}-`],
  abs: [`${NUMBER}-`],
  sqrt: [`${NUMBER}-`],
  round: [`${NUMBER}-`, `${NUMBER}?`],
  power: [`${NUMBER}-`, NUMBER],
  formatBase: [`${NUMBER}-`, `${NUMBER}?`],
} as const satisfies Record<string, readonly string[]>;

const TOTALS = ['sum', 'max', 'min', 'average'] as const;

/** Names of the library's functions that are needed here. */
export const LENIENT_NAMES = [...(Object.keys(LENIENT) as (keyof typeof LENIENT)[]), ...TOTALS] as const;

/** Made once and bound to each expression: the library reads a signature anew at each registration, which costs. */
export async function lenientBuiltins(
  builtins: Readonly<Record<(typeof LENIENT_NAMES)[number], Builtin>>,
): Promise<ReadonlyMap<string, unknown>> {
  // Only an evaluation hands a function over.
  const workshop = jsonata(`[${LENIENT_NAMES.map((name) => `$${name}`).join(', ')}]`);
  for (const [name, parameters] of Object.entries(LENIENT) as [keyof typeof LENIENT, readonly string[]][])
    workshop.registerFunction(name, lenient(name, parameters, builtins[name]), `<${parameters.join('')}:x>`);
  for (const name of TOTALS) workshop.registerFunction(name, total(name, builtins[name]), '<a:x>');
  const made = (await workshop.evaluate({})) as unknown[];
  return new Map(LENIENT_NAMES.map((name, index) => [name, made[index]]));
}

function lenient(name: string, parameters: readonly string[], builtin: Builtin): Builtin {
  const wantsText = parameters.map((parameter) => parameter.startsWith('(snbl'));
  return sameArity(function (this: unknown, ...values: unknown[]): unknown {
    const given = values.map((value, index) => (wantsText[index] ? textOf(value) : (value ?? undefined)));
    if (name === 'number' && typeof given[0] === 'string' && given[0].trim() === '')
      throw new GuardError('A text that is empty cannot be read as a number.');
    return builtin.apply(this, given);
  }, builtin);
}

function total(name: string, builtin: Builtin): Builtin {
  return sameArity(function (this: unknown, list: unknown): unknown {
    return builtin.call(this, numbersOf(name, list));
  }, builtin);
}

/** Null is nothing; a number, true and false are text. */
export function textOf(value: unknown): unknown {
  if (value === null) return undefined;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

/** Empty fields do not count. */
function numbersOf(name: string, list: unknown): unknown {
  if (!Array.isArray(list)) return list ?? undefined;
  const given = list.filter((item) => item !== null && item !== undefined);
  if (list.length > 0 && given.length === 0) return undefined;
  if (given.some((item) => typeof item !== 'number'))
    throw new GuardError(`$${name} is given something that is no number.`);
  return given;
}

/** Functions that take functions (`$reduce`) look at how many arguments they have. */
function sameArity(made: Builtin, { length }: Builtin): Builtin {
  return Object.defineProperty(made, 'length', { value: length }) as Builtin;
}
