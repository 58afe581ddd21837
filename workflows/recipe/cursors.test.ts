import { whereToRead } from './cursors.js';
import { bornRecipe, type RecipeState } from './messages.js';
import { changed, liveRecipe, polled, started, type LiveRecipe } from './state.js';

const definition = { trigger: { binding: 'source', operation: 't', input: {} }, steps: [], concurrency: 5 };
const bindings = (connectionId: string) => ({ source: { app: 'tiny', connectionId } });

const running = (): LiveRecipe =>
  started(
    liveRecipe(
      bornRecipe({
        workspaceId: 'w',
        recipeId: 'r',
        name: 'n',
        version: 1,
        definition,
        bindings: bindings('a'),
        at: 1,
      }),
    ),
    2,
  );
const source = (instanceId: string, accountId: string, at = 3) => ({ binding: 'source', instanceId, accountId, at });
const read = (state: LiveRecipe, connectionId: string, cursor: string, of = source('org', 'ada')): LiveRecipe =>
  polled(state, { at: 3, connectionId, cursor, source: of, started: [] }, state).state;
const rebound = (state: LiveRecipe, connectionId: string, readFrom?: 'go_on' | 'now' | number): LiveRecipe =>
  changed(
    state,
    {
      version: state.version + 1,
      name: 'n',
      definition,
      bindings: bindings(connectionId),
      ...(readFrom === undefined ? {} : { readFrom }),
    },
    10,
  );
const where = (state: RecipeState, connectionId: string, instanceId = 'org', accountId = 'ada') =>
  whereToRead(state, connectionId, { instanceId, accountId });

describe('g11: a cursor belongs to the binding and the instance', () => {
  const before = read(running(), 'a', 'c1');

  test('another connection of the same instance and account goes on behind it, and it is the only one', () => {
    const after = rebound(before, 'b');
    expect(where(after, 'b')).toEqual({ cursor: 'c1', moved: true });
    expect(read(after, 'b', 'c2')).toMatchObject({ cursors: { b: 'c2' } });
    expect(where(rebound(read(after, 'b', 'c2'), 'a'), 'a')).toEqual({ cursor: 'c2', moved: true });
  });

  test('another instance begins anew, and the way back finds its place again', () => {
    const after = rebound(before, 'b');
    expect(where(after, 'b', 'other')).toEqual({ cursor: null, moved: false });
    const there = read(after, 'b', 'x1', source('other', 'bob', 4));
    expect(there.cursors).toEqual({ a: 'c1', b: 'x1' });
    expect(where(rebound(there, 'a'), 'a')).toEqual({ cursor: 'c1', moved: false });
  });

  test('for another account of the instance a person chooses', () => {
    expect(where(rebound(before, 'b'), 'b', 'org', 'bob')).toBe('choose');
    expect(where(rebound(before, 'b', 'go_on'), 'b', 'org', 'bob')).toEqual({ cursor: 'c1', moved: true });
    expect(where(rebound(before, 'b', 'now'), 'b', 'org', 'bob')).toEqual({ cursor: null, from: 'now', moved: true });
    expect(where(rebound(before, 'b', 77), 'b', 'org', 'bob')).toEqual({ cursor: null, from: 77, moved: true });
    expect(rebound(before, 'b', 'now').startedAt).toBe(10);
  });

  test('the choice may come later, is done once, and falls with the connection', () => {
    const asked = rebound(before, 'b');
    const chosen = rebound(asked, 'b', 'now');
    expect(where(chosen, 'b', 'org', 'bob')).toMatchObject({ from: 'now' });
    const done = read(chosen, 'b', 'n1', source('org', 'bob'));
    expect(done).toMatchObject({ readFrom: null, cursors: { b: 'n1' } });
    expect(where(done, 'b', 'org', 'bob')).toEqual({ cursor: 'n1', moved: false });
    expect(rebound(chosen, 'c').readFrom).toBeNull();
  });

  test('a poll that was asked before the choice does not use it up', () => {
    const asked = rebound(before, 'b', 'go_on');
    const chosen = rebound(asked, 'b', 'now');
    const outcome = { at: 3, connectionId: 'b', cursor: 'c9', source: source('org', 'bob'), started: [] };
    expect(where(polled(chosen, outcome, asked).state, 'b', 'org', 'bob')).toMatchObject({ from: 'now' });
  });

  test('the same connection of a refreshed sandbox does not read behind the old cursor', () => {
    expect(where(before, 'a', 'org2')).toEqual({ cursor: null, moved: false });
    // Another user of the same connection was accepted by a person already.
    expect(where(before, 'a', 'org', 'bob')).toEqual({ cursor: 'c1', moved: false });
  });

  test('the cursor of an older build goes on, and its source is noted with the next poll', () => {
    const old = { ...before, sources: undefined } as unknown as LiveRecipe;
    expect(where(old, 'a')).toEqual({ cursor: 'c1', moved: true });
    expect(where(rebound(read(old, 'a', 'c1'), 'b'), 'b')).toEqual({ cursor: 'c1', moved: true });
  });
});
