import { jobWorkflowId } from '#domain/ids.js';
import { signalActor } from '#temporal/signal-actor.js';
import { cancelJobSignal, type JobView } from '#workflows/job/messages.js';
import type { GatewayServices } from '../ports.js';
import { ProblemError } from '../problems/problem-error.js';
import { TEMPORAL_DEADLINE_MS, temporalCall } from '../temporal/temporal-call.js';
import { readJob } from './read-job.js';

const PAUSE_MS = 100;

/** Cancels an open job and waits until its run is closed. Throws `conflict` if that takes too long: a step may be under way. */
export async function cancelToEnd(services: GatewayServices, { workspaceId, jobId }: JobView): Promise<JobView> {
  const { client } = services;
  const workflowId = jobWorkflowId(workspaceId, jobId);
  await signalActor(client, {
    workflowId,
    signal: cancelJobSignal,
    args: [],
    deadlineMs: TEMPORAL_DEADLINE_MS,
    whenLost: 'conflict',
  }).catch((error: unknown) => {
    // It has ended meanwhile.
    if ((error as { code?: unknown }).code !== 'conflict') throw error;
  });
  const handle = client.workflow.getHandle(workflowId);
  for (const until = performance.now() + TEMPORAL_DEADLINE_MS; performance.now() < until;) {
    const { status } = await temporalCall(client, () => handle.describe());
    if (status.name !== 'RUNNING') return readJob(services, workspaceId, jobId);
    await new Promise((next) => setTimeout(next, PAUSE_MS));
  }
  throw new ProblemError('conflict', 'The job is being cancelled, but a step under way has not ended yet.', {
    cure: 'Repeat the rerun once the job is cancelled.',
  });
}
