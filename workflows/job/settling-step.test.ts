/** A step that was refused with a token issued a moment ago is repeated once that has settled; a second time it ends. */
import { NOW } from '../../test/support/connection-states.js';
import { bornJob, liveJob, stepFailed, stepStarted, type LiveJob } from './state.js';

function job(): LiveJob {
  const step = { id: 'one', binding: 'b', operation: 'create_ticket', input: {} };
  return liveJob(
    bornJob({
      workspaceId: 'ws_test',
      recipeId: 'rec_test',
      recipeVersion: 1,
      jobId: 'job_test',
      event: { recordId: 'r', stamp: 's', data: {} },
      definition: { trigger: { binding: 'b', operation: 't', input: {} }, steps: [step] } as never,
      bindings: { b: { app: 'zendesk', connectionId: 'con_test' } } as never,
      at: NOW,
    }),
  );
}

const refusal = {
  code: 'credential_settling' as const,
  text: 'It was sent twice: renewed, verified.',
  retryAfterMs: 9_000,
};

test('g22: refused with a fresh token: repeated when it has settled, not failed', () => {
  const state = stepFailed(stepStarted(job(), NOW), refusal, NOW, 0);
  expect(state).toMatchObject({ status: 'retrying', steps: [{ status: 'retrying' }] });
  expect(state.progress.notBefore - NOW).toBeGreaterThanOrEqual(9_000);
});

test('g22: refused again after that: failed, with a text that says both', () => {
  const once = stepFailed(stepStarted(job(), NOW), refusal, NOW, 0);
  const twice = stepFailed(stepStarted(once, NOW + 9_000), refusal, NOW + 9_000, 0);
  expect(twice).toMatchObject({ status: 'failed', error: { code: 'rejected_though_proven' } });
  expect(twice.error!.text).toMatch(/repeated after a pause.*It was sent twice: renewed, verified\./);
});

test('g22: another trouble in between does not count against it', () => {
  const once = stepFailed(stepStarted(job(), NOW), refusal, NOW, 0);
  const other = stepFailed(stepStarted(once, NOW), { code: 'app_unavailable', text: 'x' }, NOW, 0);
  expect(stepFailed(stepStarted(other, NOW), refusal, NOW, 0).status).toBe('retrying');
});

test('g31: what the app said the first time stays when a later try of the step brings less', () => {
  const said = { at: NOW, status: 503, appCode: 'busy', appMessage: 'in the words of the app' };
  const once = stepFailed(stepStarted(job(), NOW), { code: 'app_unavailable', text: 'x', evidence: said }, NOW, 0);
  const twice = stepFailed(stepStarted(once, NOW), { code: 'app_unavailable', text: 'x' }, NOW, 0);
  expect(twice.steps[0]!.error).toMatchObject({ evidence: said });
  const other = stepFailed(stepStarted(twice, NOW), { code: 'rate_limited', text: 'y' }, NOW, 0);
  expect(other.steps[0]!.error).not.toHaveProperty('evidence');
});
