/**
 * The guards of a mapping expression. JSONata's own options bound time, depth and sequences; what they miss is here.
 * Seen to kill the process, not catchable: `$pad("x", 5e8)`; seen to ignore the time limit: a catastrophic regular
 * expression.
 */
import type { Expression } from 'jsonata';
import type { Builtins } from './builtins.js';
import { distinct } from './distinct.js';
import { FIELD_MS, GuardError, OutOfTimeError } from './guard-options.js';
import { textOf } from './lenient-builtins.js';
import { processorClock } from './processor-clock.js';
import { weigher } from './weigh.js';

/** Asking for the processor's time costs as much as a small sub-expression. */
const CLOCK_EACH = 32;
/** Characters and values that any intermediate result may weigh. */
export const WEIGHT_LIMIT = 1_000_000;
/** All texts and lists that an expression makes or reads: in 300 ms a thousand texts of a million characters can be made. */
const TOTAL_LIMIT = 50_000_000;
const PAD_LIMIT = 10_000;
const PICTURE_LIMIT = 100;
/** Text for a date picture: the library builds a regular expression of it, whose cost grows with both. */
const PARSED_TEXT_LIMIT = 40;
const PARSED_PARTS_LIMIT = 8;

const isText = (value: unknown): value is string => typeof value === 'string';

/** A picture with a width such as `[M,500000000]` would pad like `$pad`. */
function checkPicture(picture: unknown): void {
  if (isText(picture) && (picture.length > PICTURE_LIMIT || /\d{5}/.test(picture)))
    throw new GuardError('The date or number picture is too long.');
}

/** Wraps builtins that can cost more than their arguments weigh, and weighs each intermediate result. */
export function installGuards(expression: Expression, builtins: Builtins): void {
  guardText(expression);
  guardPictures(expression, builtins);
  for (const [name, builtin] of builtins.lenient) expression.assign(name, builtin);
  expression.registerFunction('distinct', distinct, '<x:x>');
  expression.registerFunction('eval', () => {
    throw new GuardError('$eval is not allowed in mappings.');
  });
  const weigh = weigher();
  let total = 0;
  let spent: (() => number) | undefined;
  let exits = 0;
  // The library's own hook, called after each sub-expression: the only place where `&` and array building can be bounded.
  expression.assign(
    Symbol.for('jsonata.__evaluate_exit') as unknown as string,
    (_: unknown, __: unknown, ___: unknown, result: unknown) => {
      // From the first sub-expression on: reading the expression is bounded by itself (`too-complex.ts`).
      spent ??= processorClock();
      exits += 1;
      if (exits % CLOCK_EACH === 0 && spent() > FIELD_MS) throw new OutOfTimeError();
      const weight = weigh(result);
      if (weight > WEIGHT_LIMIT)
        throw new GuardError(`A value of the mapping is larger than ${WEIGHT_LIMIT} characters.`);
      if (isText(result) || Array.isArray(result)) total += weight;
      if (total > TOTAL_LIMIT) throw new GuardError(`The mapping works on more than ${TOTAL_LIMIT} characters in all.`);
    },
  );
}

function guardText(expression: Expression): void {
  expression.registerFunction(
    'pad',
    (given: unknown, width: number, filler?: string) => {
      const text = textOf(given);
      if (!isText(text)) return undefined;
      if (Math.abs(width) > PAD_LIMIT) throw new GuardError(`$pad is limited to ${PAD_LIMIT} characters.`);
      const count = Math.trunc(Math.abs(width)) - [...text].length;
      if (count <= 0) return text;
      const padding = [...(filler || ' ').repeat(Math.ceil(count / [...(filler || ' ')].length))]
        .slice(0, count)
        .join('');
      return width > 0 ? text + padding : padding + text;
    },
    '<(snbl)-ns?:s>',
  );
  expression.registerFunction(
    'join',
    (list: unknown[] | undefined, separator = '') => {
      if (list === undefined) return undefined;
      const texts = textsOf(list);
      const length = texts.reduce((sum, text) => sum + text.length + separator.length, 0);
      if (length > WEIGHT_LIMIT) throw new GuardError(`$join is limited to ${WEIGHT_LIMIT} characters.`);
      return texts.join(separator);
    },
    '<as?:s>',
  );
}

/** Empty fields are left out. */
function textsOf(list: unknown[]): string[] {
  return list.flatMap((item) => {
    const text = textOf(item);
    if (text !== undefined && !isText(text)) throw new GuardError('$join is given something that is no text.');
    return text ?? [];
  });
}

function guardPictures(expression: Expression, builtins: Builtins): void {
  expression.registerFunction(
    'toMillis',
    function (this: unknown, text: unknown, picture?: unknown) {
      checkPicture(picture);
      if (text === null) return undefined;
      if (isText(text) && text.trim() === '') throw new GuardError('A text that is empty cannot be read as a date.');
      const parts = isText(picture) ? picture.split('[').length - 1 : 0;
      if (isText(text) && isText(picture) && (text.length > PARSED_TEXT_LIMIT || parts > PARSED_PARTS_LIMIT)) {
        throw new GuardError(
          `$toMillis with a picture is limited to ${PARSED_TEXT_LIMIT} characters and ${PARSED_PARTS_LIMIT} parts.`,
        );
      }
      return builtins.toMillis.call(this, text, picture);
    },
    '<(sl)-s?:n>',
  );
  for (const [name, signature] of [
    ['fromMillis', '<(nl)-s?s?:s>'],
    ['formatInteger', '<(nl)-s:s>'],
    ['formatNumber', '<(nl)-so?:s>'],
  ] as const) {
    expression.registerFunction(
      name,
      function (this: unknown, ...values: unknown[]) {
        values.slice(1).forEach(checkPicture);
        if (values[0] === null) return undefined;
        return builtins[name].apply(this, values);
      },
      signature,
    );
  }
  expression.registerFunction(
    'now',
    function (this: { environment: { timestamp: Date } }, picture?: unknown, timezone?: unknown) {
      checkPicture(picture);
      return builtins.fromMillis.call(this, this.environment.timestamp.getTime(), picture, timezone);
    },
    '<s?s?:s>',
  );
}
