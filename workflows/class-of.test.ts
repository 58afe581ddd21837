import { bornJob, liveJob, stepFailed, stepStarted } from './job/state.js';
import { bornRecipe } from './recipe/messages.js';
import { liveRecipe, pollFailed, started } from './recipe/state.js';

const definition = {
  trigger: { binding: 'source', operation: 'new', input: {} },
  steps: [{ id: 'one', binding: 'target', operation: 'create', input: {} }],
  concurrency: 1,
};
const bindings = { source: { app: 'a', connectionId: 'con_1' }, target: { app: 'b', connectionId: 'con_2' } };
const birth = { workspaceId: 'ws_1', recipeId: 'rec_1', definition, bindings, at: 1 };
const failure = { code: 'vault_unavailable', text: 'away', connectionId: 'con_1' } as const;

/** As a run of an older build has it. */
function older<State extends { vaultIsRepeated?: boolean }>({ vaultIsRepeated: _, ...state }: State): State {
  return state as State;
}

test('a step that cannot reach the vault is repeated; in a run that began under older code it parks, as its history says', () => {
  const job = liveJob(
    bornJob({ ...birth, recipeVersion: 1, jobId: 'job_1', event: { recordId: 'r', stamp: 's', data: {} } }),
  );
  const after = (state: typeof job) => stepFailed(stepStarted(state, 1), failure, 2, 0).status;
  expect([after(job), after(older(job))]).toEqual(['retrying', 'waiting']);
});

test('so does a poll', () => {
  const recipe = started(liveRecipe(bornRecipe({ ...birth, name: 'n', version: 1 })), 1);
  const after = (state: typeof recipe) => pollFailed(state, failure, 2, 0).status;
  expect([after(recipe), after(older(recipe))]).toEqual(['running', 'waiting']);
});
