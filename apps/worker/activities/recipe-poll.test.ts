/** Which jobs a poll starts, and behind which: over a small app, with Temporal's part in memory. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { HawserError } from '#domain/errors.js';
import type { JobState } from '#workflows/job/messages.js';
import type { PollOutcome } from '#workflows/recipe/activities.js';
import { bornRecipe, type RecipeState } from '#workflows/recipe/messages.js';
import { jobIdOf, type StartResult } from './recipe-job-starter.js';
import { NOTHING_NEW, poll, type PollDeps } from './recipe-poll.js';
import { SLOT_LIMITS, StepSlots } from './step-slots.js';
import { TinyApp } from './recipe-testing/tiny-app.js';

const NOW = Date.now();
const recipe = (): RecipeState => ({
  ...bornRecipe({
    workspaceId: 'ws_test',
    recipeId: 'rec_test',
    name: 'r',
    version: 1,
    definition: {
      trigger: { binding: 'source', operation: 'changed', input: {} },
      steps: [{ id: 'one', binding: 'source', operation: 'write', input: {} }],
      concurrency: 10,
    },
    bindings: { source: { app: 'tiny', connectionId: 'con_test' } },
    at: NOW,
  }),
  status: 'running',
});

/** Jobs as Temporal keeps them; it fails when so many were started. */
class Started {
  readonly jobs: { jobId: string; recordId: string; after: string | null; startedAt: number }[] = [];
  failsAt = Number.POSITIVE_INFINITY;

  readonly starter: PollDeps['starter'] = {
    hasEnded: () => false,
    start: async ({ jobId, event }: JobState, after): Promise<StartResult> => {
      if (this.jobs.some((job) => job.jobId === jobId)) return 'open';
      if (this.jobs.length >= this.failsAt) throw new HawserError('temporarily_unavailable');
      this.jobs.push({ jobId, recordId: event.recordId, after, startedAt: NOW + this.jobs.length });
      return 'started';
    },
    openOfRecord: async (_, __, recordId) => this.jobs.filter((job) => job.recordId === recordId),
  };
}

function pollOf(
  app: TinyApp,
  started: Started,
  state: RecipeState,
  slots = new StepSlots(SLOT_LIMITS),
): Promise<PollOutcome> {
  const nothing = (): undefined => undefined;
  const deps = {
    calls: app.calls,
    starter: started.starter,
    slots,
    events: { jobStarted: nothing, recipeParked: nothing },
    eventLog: { note: nothing },
    logger: { error: nothing, warn: nothing },
    store: { recipes: { project: async () => true } },
  } as unknown as PollDeps;
  return new MockActivityEnvironment().run(() => poll(deps, { state, capacity: 10 }));
}

const idOf = (stamp: string, recordId = 'same'): string => jobIdOf('rec_test', 'instance', { recordId, stamp });

test('g06: a poll that fails within its batch tells of the jobs that it has started, and keeps its cursor', async () => {
  const [app, started] = [new TinyApp(), new Started()];
  for (const record of ['a', 'b', 'c']) app.change(record, 1);
  started.failsAt = 2;
  const { started: told, cursor } = await pollOf(app, started, recipe());
  expect(told.map(({ recordId }) => recordId)).toEqual(['a', 'b']);
  expect(cursor).toBeNull();
  const none = new Started();
  none.failsAt = 0;
  await expect(pollOf(app, none, recipe())).rejects.toMatchObject({ type: 'temporarily_unavailable' });
  await expect(pollOf(app, new Started(), { ...recipe(), openJobs: [] })).resolves.toMatchObject({ cursor: '3' });
});

test('g06: a job waits for an older one of its record that no poll has told of', async () => {
  const [app, started] = [new TinyApp(), new Started()];
  app.change('same', 1);
  await pollOf(app, started, recipe());
  // The report of that poll was lost, and the app gives the record's newest state only.
  app.events[0] = { recordId: 'same', stamp: 'later', data: { value: 2 } };
  const { started: told } = await pollOf(app, started, recipe());
  expect(started.jobs.at(-1)).toMatchObject({ jobId: idOf('later'), after: idOf('0') });
  expect(told).toEqual([
    expect.objectContaining({ jobId: idOf('0'), adopted: true }),
    expect.objectContaining({ jobId: idOf('later'), after: idOf('0') }),
  ]);
});

test('g06: among open jobs of a record the youngest goes before', async () => {
  const [app, started] = [new TinyApp(), new Started()];
  app.change('same', 1);
  await pollOf(app, started, recipe());
  const known = { jobId: 'job_young', recordId: 'same', after: null, startedAt: NOW + 1_000 };
  app.events[0] = { recordId: 'same', stamp: 'later', data: {} };
  await pollOf(app, started, { ...recipe(), openJobs: [known] });
  expect(started.jobs.at(-1)?.after).toBe('job_young');
});

test("g20: a poll over its connection's share comes back in a second, asks nobody, and holds up no other connection", async () => {
  const app = new TinyApp();
  app.change('same', 1);
  const slots = new StepSlots({ perConnection: 1, all: 2 });
  let release = (): void => undefined;
  const slow = slots.run('con_test', () => new Promise<void>((resolve) => (release = resolve)));
  const started = new Started();
  await expect(pollOf(app, started, recipe(), slots)).rejects.toMatchObject({ type: NOTHING_NEW });
  expect(started.jobs).toEqual([]);
  const other = recipe();
  other.bindings = { source: { app: 'tiny', connectionId: 'con_other' } };
  await expect(pollOf(app, started, other, slots)).resolves.toMatchObject({ cursor: '1' });
  release();
  await slow;
  await expect(pollOf(app, new Started(), recipe(), slots)).resolves.toMatchObject({ cursor: '1' });
});
