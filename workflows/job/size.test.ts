import { jsonBytes, JOB_STATE_BEFORE_STEP } from '#domain/sizes.js';
import { fitted, laterExpressions, tooLarge } from './size.js';
import { bornJob, liveJob, stepStarted, stepSucceeded, type LiveJob } from './state.js';

const kb = (n: number): string => 'x'.repeat(n * 1_000);

function jobOf(steps: number, input: (n: number) => Record<string, string>, event = {}): LiveJob {
  const definition = {
    trigger: { binding: 'a', operation: 't', input: {} },
    steps: Array.from({ length: steps }, (_, n) => ({ id: `s${n}`, binding: 'a', operation: 'o', input: input(n) })),
    concurrency: 1,
  };
  return liveJob(
    bornJob({
      workspaceId: 'w',
      recipeId: 'r',
      recipeVersion: 1,
      jobId: 'j',
      event: { recordId: 'x', stamp: 'y', data: event },
      definition,
      bindings: { a: { app: 'tiny', connectionId: 'c' } },
      at: 1,
    }),
  );
}

const done = (state: LiveJob, input: object, output: object): LiveJob =>
  stepSucceeded(stepStarted(state, 1), {
    at: 2,
    version: 1,
    input: input as Record<string, unknown>,
    output: output as Record<string, unknown>,
  });

describe('g03: a job stays small enough to go on in a new run', () => {
  it('is left alone while it is small', () => {
    const state = done(
      jobOf(3, () => ({})),
      { a: kb(90) },
      { id: 1 },
    );
    expect(fitted(state)).toBe(state);
    expect(tooLarge(state)).toBeNull();
  });

  it('drops the inputs of done steps first, then what no later step reads', () => {
    let state = jobOf(12, (n) => ({ x: n === 11 ? 'steps.s0.body' : 'trigger.x' }));
    for (let n = 0; n < 11; n += 1) state = done(state, { a: kb(90) }, { id: n, body: kb(60), note: 'n' });
    expect(jsonBytes(state)).toBeGreaterThan(1_000_000);
    const small = fitted(state);
    expect(jsonBytes(small)).toBeLessThanOrEqual(JOB_STATE_BEFORE_STEP);
    expect(small.steps.every((step) => step.input === null)).toBe(true);
    expect(small.steps[0]!.output).toMatchObject({ id: 0, body: kb(60) });
    expect(small.steps[1]).toMatchObject({ output: { id: 1, note: 'n' }, cut: ['body'], status: 'succeeded' });
    expect(tooLarge(small)).toBeNull();
  });

  it('begins no step when even that does not fit, and says what is large', () => {
    let state = jobOf(12, () => ({ x: '$string(steps)' }));
    for (let n = 0; n < 11; n += 1) state = done(state, {}, { id: n, body: kb(64) });
    expect(tooLarge(fitted(state))).toMatchObject({
      code: 'job_too_large',
      text: expect.stringContaining('the step "s') as string,
    });
  });

  it('names the recipe when that is what is large', () => {
    const state = jobOf(100, () => ({ x: `"${kb(9)}"` }));
    expect(tooLarge(fitted(state))?.text).toContain('the recipe itself');
  });
});

test('g03: only expressions that may read the step go with it', () => {
  const steps = ['"a"', 'steps.s0.id', 'trigger.Name', 'steps.s1.id', '$string(steps)'].map((x, n) => ({
    id: `s${n}`,
    binding: 'a',
    operation: 'o',
    input: { x },
  }));
  expect(laterExpressions(steps, 0, 's0')).toEqual(['steps.s0.id', '$string(steps)']);
});
