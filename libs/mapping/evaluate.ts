/**
 * Computes a step's input from its mappings: guarded JSONata. Tenants' expressions take twice 300 ms of their thread, so this file runs in
 * the pool's processes (`mapping-pool.ts`) and its tests, never in a process that has something else to do.
 */
import jsonata from 'jsonata';
import { loadBuiltins } from './builtins.js';
import { FIELD_MS, GUARD_OPTIONS, GuardError, OutOfTimeError } from './guard-options.js';
import { installGuards, WEIGHT_LIMIT } from './guards.js';
import { mappingFailed } from './mapping-failure.js';
import type { MappingInput } from './mapping-input.js';
import { readNullAsNothing } from './null-as-nothing.js';
import { parseMapping } from './parse.js';
import { processorClock } from './processor-clock.js';
import { weigher } from './weigh.js';

export type { MappingInput } from './mapping-input.js';

/** All mappings of a step together, in milliseconds of processor time. Each alone may take `FIELD_MS`. */
export const STEP_MS = 2_000;
/** All values of a step together weigh at most as much as one value may. */
const STEP_WEIGHT_LIMIT = WEIGHT_LIMIT;
const TURN_MS = 5;
/** JSONata's code for its `timeout`, the net below our own. */
const TIMED_OUT = 'D1012';
/** Of a field that took too long: what it took may have been the machine's doing once, and a process may stand still more than once. */
const LEAST_TRIES = 2;
const MOST_TRIES = 5;

/**
 * Evaluates each field's expression; `onField` is told before each one. A field whose expression gives nothing is left out, so that it is not overwritten at the app.
 * Throws `mapping_failed` naming field and expression; values of the input are never in its text.
 */
export async function evaluateMappings(
  fields: Record<string, string>,
  input: MappingInput,
  onField?: () => void,
): Promise<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  const weigh = weigher();
  const spent = processorClock();
  let weight = 0;
  for (const [field, expression] of Object.entries(fields)) {
    onField?.();
    if (spent() > STEP_MS)
      throw mappingFailed(
        field,
        expression,
        `The fields before it have used up the ${STEP_MS} ms of processor time that a step's mappings may take.`,
      );
    const startedAt = performance.now();
    const value = await evaluateField(field, expression, input);
    // Messages come in between: the end of whoever asked, above all.
    if (performance.now() - startedAt > TURN_MS) await new Promise((resolve) => setImmediate(resolve));
    weight += value === undefined ? 0 : weigh(value);
    if (weight > STEP_WEIGHT_LIMIT)
      throw mappingFailed(
        field,
        expression,
        `With it the values of this step are larger than ${STEP_WEIGHT_LIMIT} characters.`,
      );
    // defineProperty: a field named `__proto__` stays a plain field.
    if (value !== undefined)
      Object.defineProperty(result, field, { value, enumerable: true, configurable: true, writable: true });
  }
  return result;
}

async function evaluateField(field: string, expression: string, input: MappingInput): Promise<unknown> {
  const parsed = parseMapping(expression);
  if (!parsed.ok) throw mappingFailed(field, expression, `${parsed.message} (character ${parsed.position})`);
  try {
    const builtins = await loadBuiltins();
    const value = await evaluateWhileRunning(() => {
      // Anew for each try: the guards count from the first sub-expression on.
      const compiled = jsonata(expression, GUARD_OPTIONS);
      installGuards(compiled, builtins);
      readNullAsNothing(compiled);
      return compiled.evaluate(input) as Promise<unknown>;
    });
    return plain(value);
  } catch (error) {
    throw mappingFailed(field, expression, reasonOf(error), error);
  }
}

/**
 * The library's own limit counts the clock's time. A process that stood still (SIGSTOP, a machine that sleeps or is overloaded) has used
 * no such time itself: then the expression is not to blame, and is evaluated anew. It changes nothing outside, so it may be.
 * A virtual machine whose processor is lent to others is charged for that time too (measured: 300 ms for an expression of 15 ms),
 * so the first time never decides.
 */
async function evaluateWhileRunning(evaluate: () => Promise<unknown>): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    const spent = processorClock();
    try {
      return await evaluate();
    } catch (error) {
      const stoodStill = spent() < FIELD_MS;
      const mostTries = stoodStill ? MOST_TRIES : LEAST_TRIES;
      const isTimeUp = error instanceof OutOfTimeError || (error as { code?: string }).code === TIMED_OUT;
      if (!isTimeUp || tries >= mostTries) throw error;
      // Messages come in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** As plain JSON: sequences carry marks of the library, and functions are no values. */
function plain(value: unknown): unknown {
  if (value === undefined) return undefined;
  if (weigher()(value) > WEIGHT_LIMIT) throw new GuardError(`The value is larger than ${WEIGHT_LIMIT} characters.`);
  const text = JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'function' || isLibraryFunction(item))
      throw new GuardError('The expression gives a function, not a value.');
    return item;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

function isLibraryFunction(item: unknown): boolean {
  return typeof item === 'object' && item !== null && ('_jsonata_function' in item || '_jsonata_lambda' in item);
}

/** Sentences of ours or of the library by code; the library's own messages may quote values of the input, so they are not passed on. */
const REASONS: Record<string, string> = {
  D1011: 'It nests too deep.',
  D1012: `It takes longer than ${FIELD_MS} ms.`,
  D2014: 'A range is too long.',
  D2015: 'A list grows beyond 10,000 items.',
  D3110: 'A date cannot be read.',
  D3030: 'A text cannot be read as a number.',
  T2001: 'Something that is no number stands beside an arithmetic sign.',
  T2002: 'Something that is no number stands beside an arithmetic sign.',
  T1005: 'It calls something that is no function.',
  T1006: 'It calls something that is no function.',
  T0410: 'A function gets an argument of the wrong type.',
  T0411: 'A function gets an argument of the wrong type.',
};

function reasonOf(error: unknown): string {
  if (error instanceof GuardError) return error.message;
  const { code, position } = error as { code?: string; position?: number };
  if (typeof code !== 'string') return 'It cannot be computed.';
  const where = typeof position === 'number' ? ` (character ${position})` : '';
  return `${REASONS[code] ?? 'It cannot be computed.'} [${code}]${where}`;
}
