/** What all builds of an upgrade wrote: every run of the namespace, and how it replays. */
import { resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { localPayloadCodec } from '#temporal/data-converter.js';

const FAILURE_CONVERTER = resolve(__dirname, '..', '..', 'dist', 'libs', 'temporal', 'failure-converter.js');

export type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

export interface Run {
  /** Workflow id and run id. */
  workflowId: string;
  history: History;
}

export const eventsOf = ({ events }: History) => events ?? [];

export async function everyRun(client: Client): Promise<Run[]> {
  const all: Run[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    all.push({
      workflowId: `${workflowId} ${runId}`,
      history: await client.workflow.getHandle(workflowId, runId).fetchHistory(),
    });
  }
  return all;
}

/** The runs of which a workflow task failed. */
export const withFailedTasks = (runs: Run[]): string[] =>
  runs
    .filter(({ history }) => eventsOf(history).some((event) => event.workflowTaskFailedEventAttributes))
    .map(({ workflowId }) => workflowId);

/** The runs that do not replay on a bundle, with the error. */
export async function failedReplays(
  runs: Run[],
  bundle: string,
  dataDir: string,
): Promise<{ workflowId: string; error: Error }[]> {
  const dataConverter = { payloadCodecs: [localPayloadCodec({ dataDir })], failureConverterPath: FAILURE_CONVERTER };
  const failed: { workflowId: string; error: Error }[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle: { codePath: bundle }, dataConverter },
    runs,
  )) {
    if (error) failed.push({ workflowId, error });
  }
  return failed;
}
