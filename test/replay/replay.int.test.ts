/** Recorded runs of every workflow replay with the present code: a change that breaks open runs shows here. Needs no server. */
import { join, resolve } from 'node:path';
import { Worker } from '@temporalio/worker';
import { createPayloadCodec } from '#temporal/payload-codec.js';
import { parsePayloadKeyring } from '#temporal/payload-keyring.js';
import { readHistories, testPayloadKeyring } from './history-files.js';

const DIST = resolve(__dirname, '..', '..', 'dist');
const histories = readHistories();
const codec = createPayloadCodec({ keyring: parsePayloadKeyring(testPayloadKeyring(), 'test-payload-key.json') });
const options = {
  workflowBundle: { codePath: join(DIST, 'workflow-bundle.js') },
  dataConverter: {
    payloadCodecs: [codec],
    failureConverterPath: join(DIST, 'libs', 'temporal', 'failure-converter.js'),
  },
};

test('there is one of each workflow', () =>
  expect(histories.map(({ name }) => name)).toEqual(['connection', 'job', 'metadata', 'recipe']));

test('the recorded runs hold what they are there for', () => {
  const activities = (name: string): (string | null | undefined)[] =>
    (histories.find((one) => one.name === name)?.history.events ?? [])
      .map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name)
      .filter(Boolean);
  expect(activities('connection')).toEqual(expect.arrayContaining(['exchange', 'refresh', 'announce']));
  expect(activities('connection').filter((name) => name === 'exchange')).toHaveLength(2);
  expect(activities('job').filter((name) => name === 'runStep').length).toBeGreaterThanOrEqual(2);
});

test('all of them replay', async () => {
  const results: Record<string, unknown> = {};
  const given = histories.map(({ name, history }) => ({ workflowId: name, history }));
  for await (const { workflowId, error } of Worker.runReplayHistories(options, given))
    results[workflowId] = error ?? 'replayed';
  expect(results).toEqual({ connection: 'replayed', job: 'replayed', metadata: 'replayed', recipe: 'replayed' });
}, 60_000);
