/**
 * Keeps a job small enough to go on in a new run (continue-as-new carries its whole state). Pure.
 * What is shown only goes first, then what no later step reads; what still does not fit stops the job before its next step.
 */
import { cutOutput } from '#domain/cut-output.js';
import { ERROR_CODES } from '#domain/errors.js';
import { mayRead } from '#domain/may-read.js';
import type { StepDefinition } from '#domain/recipe.js';
import { inWords, jsonBytes, JOB_STATE_BEFORE_STEP } from '#domain/sizes.js';
import type { StepRecord } from './messages.js';
import type { LiveJob, StepFailure } from './state.js';

/** What a cut-down output may hold beside what later steps read. */
const LEAST_OUTPUT = 1_000;

/** The state, with no more of its done steps than fits. */
export function fitted(state: LiveJob): LiveJob {
  let bytes = jsonBytes(state);
  if (bytes <= JOB_STATE_BEFORE_STEP) return state;
  const steps = [...state.steps];
  const shrink = (change: (step: StepRecord) => StepRecord): void => {
    for (let index = 0; index < state.progress.step && bytes > JOB_STATE_BEFORE_STEP; index += 1) {
      const before = steps[index];
      if (!before) continue;
      const after = change(before);
      bytes -= jsonBytes(before) - jsonBytes(after);
      steps[index] = after;
    }
  };
  shrink((step) => (step.input === null ? step : { ...step, input: null, inputDropped: true }));
  shrink((step) => withLess(step, state));
  return { ...state, steps };
}

function withLess(step: StepRecord, state: LiveJob): StepRecord {
  if (step.output === null) return step;
  const later = laterExpressions(state.definition.steps, state.progress.step - 1, step.id);
  const { output, cut } = cutOutput(step.id, step.output, later, LEAST_OUTPUT);
  return cut ? { ...step, output, cut: [...(step.cut ?? []), ...cut] } : step;
}

/** Why no further step may begin; null when one may. */
export function tooLarge(state: LiveJob): StepFailure | null {
  const bytes = jsonBytes(state);
  if (bytes <= JOB_STATE_BEFORE_STEP) return null;
  const parts = [
    { name: 'the recipe itself', bytes: jsonBytes(state.definition) },
    ...state.steps.map((step) => ({ name: `the step "${step.id}"`, bytes: jsonBytes(step) })),
  ].sort((one, other) => other.bytes - one.bytes);
  const [largest] = parts;
  const most = largest ? ` Most of it is ${largest.name} (${inWords(largest.bytes)}).` : '';
  return { code: 'job_too_large', text: `${ERROR_CODES.job_too_large.text} It carries ${inWords(bytes)}.${most}` };
}

/** Expressions of the steps behind one that may read its output. */
export function laterExpressions(steps: readonly StepDefinition[], index: number, stepId: string): string[] {
  return steps
    .slice(index + 1)
    .flatMap(({ input }) => Object.values(input).filter((text) => mayRead(text, stepId, [])));
}
