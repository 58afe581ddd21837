/** Where "from now on" begins. */
import { bornRecipe } from './messages.js';
import { changed, liveRecipe, started, stopped } from './state.js';

const T0 = 1_800_000_000_000;
const definition = { trigger: { binding: 'a', operation: 't', input: { since: 'now' } }, steps: [], concurrency: 1 };
const bindings = { a: { app: 'salesforce', connectionId: 'con_1' } };
const born = () =>
  liveRecipe(
    bornRecipe({ workspaceId: 'ws_1', recipeId: 'rec_1', name: 'n', version: 1, definition, bindings, at: T0 }),
  );

test('it begins with the start, and again with a later one', () => {
  const running = started(born(), T0 + 5);
  expect(running.startedAt).toBe(T0 + 5);
  expect(started(stopped(running, T0 + 10), T0 + 20).startedAt).toBe(T0 + 20);
});

test('another source begins anew; another name does not', () => {
  const running = started(born(), T0);
  const other = { a: { app: 'salesforce', connectionId: 'con_2' } };
  expect(changed(running, { version: 2, name: 'm', definition, bindings }, T0 + 9).startedAt).toBe(T0);
  expect(changed(running, { version: 2, name: 'n', definition, bindings: other }, T0 + 9).startedAt).toBe(T0 + 9);
});
