/** What a step may take in and hand on: refused before anything is sent; cut after a write has happened. */
import { cutOutput, type KeptOutput } from '#domain/cut-output.js';
import { ERROR_CODES, HawserError } from '#domain/errors.js';
import { pointerSegment } from '#domain/json-pointer.js';
import { mayRead } from '#domain/may-read.js';
import { inWords, jsonBytes, LARGEST_INPUT } from '#domain/sizes.js';
import type { RunStepInput } from '#workflows/job/activities.js';

/** Throws `output_cut` when a mapping may read what is not there any more: it would compute with nothing, and write that. */
export function requireUncut({ step, cuts = {} }: Pick<RunStepInput, 'step' | 'cuts'>): void {
  for (const [earlier, paths] of Object.entries(cuts)) {
    for (const [field, expression] of Object.entries(step.input)) {
      const path = paths.find((cut) => mayRead(expression, earlier, cut.split('.')));
      if (path === undefined) continue;
      const detail = `The field "${field}" reads "${path}" of the step "${earlier}", which was too large to be kept.`;
      throw new HawserError('output_cut', `${ERROR_CODES.output_cut.text} ${detail}`, {
        pointer: `/input/${pointerSegment(field)}`,
      });
    }
  }
}

/** Throws `input_too_large` naming the largest field. */
export function requireSmallInput(input: Record<string, unknown>): void {
  const bytes = jsonBytes(input);
  if (bytes <= LARGEST_INPUT) return;
  const fields = Object.entries(input).map(([name, value]) => ({ name, bytes: jsonBytes(value) }));
  const largest = fields.reduce((one, other) => (other.bytes > one.bytes ? other : one));
  throw new HawserError(
    'input_too_large',
    `${ERROR_CODES.input_too_large.text} It has ${inWords(bytes)}, most of it in the field "${largest.name}" (${inWords(largest.bytes)}).`,
    { pointer: `/input/${pointerSegment(largest.name)}` },
  );
}

/** What is kept of what the app has answered. */
export function kept(
  output: Record<string, unknown>,
  { step, later }: Pick<RunStepInput, 'step' | 'later'>,
): KeptOutput {
  return cutOutput(step.id, output, later ?? null);
}
