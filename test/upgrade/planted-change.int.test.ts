/**
 * The recorded runs against changed workflow code: a further command without a patch marker is refused, the same command behind a marker
 * is not. So `test/replay` does fail when somebody changes the order of commands and forgets the marker.
 */
import { resolve } from 'node:path';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { createPayloadCodec } from '#temporal/payload-codec.js';
import { parsePayloadKeyring } from '#temporal/payload-keyring.js';
import { readHistories, testPayloadKeyring } from '../replay/history-files.js';
import { recordOutcome } from '../support/record-outcome.js';
import { plantedBuild } from './planted-build.js';

const codec = createPayloadCodec({ keyring: parsePayloadKeyring(testPayloadKeyring(), 'test-payload-key.json') });
const failureConverterPath = resolve(__dirname, '..', '..', 'dist', 'libs', 'temporal', 'failure-converter.js');

async function replayed(codePath: string): Promise<Record<string, string>> {
  const options = { workflowBundle: { codePath }, dataConverter: { payloadCodecs: [codec], failureConverterPath } };
  const given = readHistories().map(({ name, history }) => ({ workflowId: name, history }));
  const results: Record<string, string> = {};
  for await (const { workflowId, error } of Worker.runReplayHistories(options, given)) {
    results[workflowId] =
      error === undefined ? 'replayed' : error instanceof DeterminismViolationError ? 'refused' : String(error);
  }
  return results;
}

test('without a marker: connection and job are refused, what was not changed replays', async () => {
  const { bundle, remove } = await plantedBuild('unmarked');
  const results = await replayed(bundle);
  remove();
  recordOutcome('upgrade', 'a command without a patch marker, recorded histories', results);
  expect(results).toEqual({ connection: 'refused', job: 'refused', metadata: 'replayed', recipe: 'replayed' });
}, 240_000);

test('behind a marker: all of them replay', async () => {
  const { bundle, remove } = await plantedBuild('marked');
  const results = await replayed(bundle);
  remove();
  recordOutcome('upgrade', 'the same command behind a marker, recorded histories', results);
  expect(results).toEqual({ connection: 'replayed', job: 'replayed', metadata: 'replayed', recipe: 'replayed' });
}, 240_000);
