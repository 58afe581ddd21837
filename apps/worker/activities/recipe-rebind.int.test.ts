/** A running recipe's trigger is bound to another connection: on a real Temporal server. */
import { randomUUID } from 'node:crypto';
import { changeRecipeUpdate, startRecipeUpdate, type ReadFrom } from '#workflows/recipe/messages.js';
import { makeNamespace, requiredEnv } from '../../../test/support/test-namespace.js';
import { RecipeBench } from './recipe-testing/recipe-bench.js';
import { until, type RecipeWorld } from './recipe-testing/recipe-world.js';

let bench: RecipeBench;

beforeAll(async () => {
  const address = requiredEnv('HAWSER_TEST_TEMPORAL');
  const namespace = `rebind-${randomUUID()}`;
  await makeNamespace(address, namespace);
  bench = await RecipeBench.open(address, namespace);
}, 120_000);
afterAll(() => bench?.close());

let version = 1;
const rebind = ({ parts, recipe }: RecipeWorld, connectionId: string, readFrom?: ReadFrom) => {
  const bindings = { ...parts.bindings, source: { app: 'tiny', connectionId } };
  const { definition } = parts;
  const change = { version: (version += 1), name: 'r', definition, bindings };
  return recipe.executeUpdate(changeRecipeUpdate, { args: [readFrom ? { ...change, readFrom } : change] });
};

test('g11: another connection of the same instance loses nothing that came in between; another account is asked for', async () => {
  await bench.withRecipe({}, async (world) => {
    const { app } = world;
    app.change('a', 1);
    await world.recipe.executeUpdate(startRecipeUpdate);
    await world.allDone(1);
    app.refusals.set(world.parts.source, { code: 'grant_revoked' });
    app.change('b', 2);
    await rebind(world, 'con_second');
    await world.allDone(2);
    expect(app.begins).toHaveLength(1);
    expect((await world.status()).cursors).toEqual({ con_second: '2' });

    app.readers.set('con_third', ['instance', 'somebody else']);
    app.change('c', 3);
    await rebind(world, 'con_third');
    const asked = await until(
      () => world.status(),
      (view) => view.status === 'waiting',
      'asks',
    );
    expect(asked).toMatchObject({ waitingFor: { code: 'source_changed' }, jobsStarted: 2 });
    await rebind(world, 'con_third', 'go_on');
    await world.allDone(3);

    app.readers.set('con_fourth', ['instance', 'a third one']);
    app.change('d', 4);
    // The app's overlap: the last one before is read again.
    app.change('e', 5);
    await rebind(world, 'con_fourth', 'now');
    await until(
      async () => app.begins,
      (begins) => begins.includes('now'),
      'begins now',
    );
    app.change('f', 6);
    await world.allDone(5);
    expect(app.writes.map(({ input }) => input['value'])).not.toContain(4);
  });
}, 90_000);
