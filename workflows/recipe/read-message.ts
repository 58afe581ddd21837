/**
 * What the messages of a recipe hold, whatever was sent. Signals come from people's hands too (Temporal Web UI): what does not fit is no
 * message. An update that does not fit is refused by its validator, before it reaches the history.
 */
import { LONGEST_WORD, readCount, readId, readText, sentObject } from '../read-field.js';
import type { RecipeChange } from './state.js';

/** More than the API takes, so that a build with wider limits may stand before an older worker; still far below what a state may weigh. */
const MOST_STEPS = 1_000;
const MOST_BINDINGS = 1_000;
const MOST_SIDE_BY_SIDE = 10_000;
const LONGEST_NAME = 1_000;
/** Characters of the whole change as JSON: with open jobs and cursors it must fit into one payload of Temporal (2 MB). */
const LONGEST_CHANGE = 1_200_000;

/** The connection that has recovered. */
export const readWake = (input: unknown): string | null => readId(input, 'connectionId');

/** The job that has ended. */
export const readJobDone = (input: unknown): string | null => readId(input, 'jobId');

/** What is wrong with a change; null = nothing. Pure; never throws. */
export function faultOfChange(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return 'The input must be an object.';
  const change = sentObject(input);
  const { version, definition, bindings } = change;
  if (readCount(change, 'version') === null) return `"version" must be a whole number, not ${shown(version)}.`;
  if (readText(change, 'name', LONGEST_NAME) === null)
    return `"name" must be a text of 1 to ${LONGEST_NAME} characters, not ${shown(change['name'])}.`;
  const fault = faultOfDefinition(definition) ?? faultOfBindings(bindings);
  if (fault !== null) return fault;
  if (change['readFrom'] !== undefined && !isReadFrom(change['readFrom']))
    return '"readFrom" must be "go_on", "now", or a moment in epoch milliseconds.';
  const size = sizeOf(change);
  return size > LONGEST_CHANGE ? `The change has ${size} characters; at most ${LONGEST_CHANGE} are taken.` : null;
}

/** Characters as JSON; without end where it is nested deeper than can be written. */
function sizeOf(change: Record<string, unknown>): number {
  try {
    return JSON.stringify(change).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** The change and nothing else. Only to be called on what `faultOfChange` has passed. */
export const pickChange = ({ version, name, definition, bindings, readFrom }: RecipeChange): RecipeChange => ({
  version,
  name,
  definition,
  bindings,
  ...(readFrom === undefined ? {} : { readFrom }),
});

const isReadFrom = (value: unknown): boolean =>
  value === 'go_on' || value === 'now' || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0);

function faultOfDefinition(input: unknown): string | null {
  const { trigger, steps, concurrency } = sentObject(input);
  if (!isOperation(trigger)) return '"definition.trigger" must have a binding, an operation and an input.';
  if (!Array.isArray(steps) || steps.length > MOST_STEPS)
    return `"definition.steps" must be a list of at most ${MOST_STEPS} steps.`;
  const odd = steps.findIndex((step) => readText(step, 'id', LONGEST_WORD) === null || !isOperation(step));
  if (odd >= 0) return `"definition.steps[${odd}]" must have an id, a binding, an operation and an input.`;
  const wide = typeof concurrency !== 'number' || !Number.isInteger(concurrency) || concurrency < 1;
  return wide || concurrency > MOST_SIDE_BY_SIDE
    ? `"definition.concurrency" must be a whole number from 1 to ${MOST_SIDE_BY_SIDE}, not ${shown(concurrency)}.`
    : null;
}

function isOperation(input: unknown): boolean {
  const named =
    readText(input, 'binding', LONGEST_WORD) !== null && readText(input, 'operation', LONGEST_WORD) !== null;
  return named && isPlainObject(sentObject(input)['input']);
}

function faultOfBindings(input: unknown): string | null {
  if (!isPlainObject(input)) return '"bindings" must be an object.';
  const entries = Object.entries(input);
  if (entries.length > MOST_BINDINGS)
    return `"bindings" has ${entries.length} entries; at most ${MOST_BINDINGS} are taken.`;
  const odd = entries.find(([name, bound]) => name.length > LONGEST_WORD || !isBinding(bound));
  return odd ? `"bindings.${odd[0].slice(0, LONGEST_WORD)}" must name an app, and a connection or null.` : null;
}

function isBinding(input: unknown): boolean {
  const { connectionId } = sentObject(input);
  return (
    readText(input, 'app', LONGEST_WORD) !== null && (connectionId === null || readId(input, 'connectionId') !== null)
  );
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Its type, and its value where that is short: an input may hold what belongs to people. */
const shown = (value: unknown): string => (typeof value === 'number' ? String(value) : typeof value);
