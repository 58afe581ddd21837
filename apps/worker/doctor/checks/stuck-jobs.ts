import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import { JOB_WORKFLOW, jobQuery, type JobStatus, type JobView } from '#workflows/job/messages.js';
import type { Check } from '../check.js';
import { notice, problem, type Finding } from '../finding.js';
import { withDeadline } from '../visibility.js';

const MINUTE = 60_000;
/** A step has 90 s; a job that queues behind others, or repeats, has a reason that it shows. */
const OLD_MS = 15 * MINUTE;
/** A waiting job looks by itself every 15 minutes at the latest. */
const MISSED_WAKE_MS = 20 * MINUTE;
const ASKED = 200;

/** Jobs that are open for long and cannot say why: neither a step under way nor something that they wait for. */
export const stuckJobs: Check = {
  name: 'no job is stuck without a reason',
  needs: ['store', 'temporal'],
  async run({ temporal, survey, now }) {
    const connected = new Map(
      (await survey.connections())
        .filter(({ state }) => state.status === 'connected')
        .map(({ state }) => [state.connectionId, state.since]),
    );
    const started = new Date(now - OLD_MS).toISOString();
    const open = `WorkflowType = '${JOB_WORKFLOW}' AND ExecutionStatus = 'Running' AND StartTime < '${started}'`;
    const busy = `${open} AND ${SEARCH_ATTRIBUTE.jobState} IN ('queued', 'running', 'waiting')`;
    const findings: Finding[] = [];
    let asked = 0;
    for await (const { workflowId } of temporal.workflow.list({ query: busy })) {
      if ((asked += 1) > ASKED) return [...findings, moreJobs];
      const finding = await findingOf(temporal, workflowId, connected, now);
      if (finding) findings.push(finding);
    }
    return findings;
  },
};

async function findingOf(
  client: Client,
  workflowId: string,
  connected: Map<string, number>,
  now: number,
): Promise<Finding | null> {
  const handle = client.workflow.getHandle(workflowId);
  const { raw } = await withDeadline(client, () => handle.describe());
  const view = await withDeadline(client, () => handle.query(jobQuery)).catch(() => null);
  if (view === null) {
    return stuck(
      workflowId,
      'does not answer',
      'Look whether a worker polls the queue "jobs", and at its last events in the Temporal Web UI.',
    );
  }
  const reason = reasonOf(view, { pendingActivities: raw.pendingActivities?.length ?? 0, connected, now });
  return reason === null
    ? null
    : stuck(
        workflowId,
        reason,
        'Open it in the Temporal Web UI. Sending it the signal `wake`, or cancelling and rerunning it, is safe.',
      );
}

/** Why a job that is open for long is stuck; null when it has a reason to be. Pure. */
export function reasonOf(
  view: Pick<JobView, 'status' | 'waitingFor'>,
  facts: { pendingActivities: number; connected: Map<string, number>; now: number },
): string | null {
  const { pendingActivities, connected, now } = facts;
  const { status, waitingFor } = view;
  if (status === 'running') return pendingActivities > 0 ? null : 'is "running", but no step of it is under way';
  if (status !== ('waiting' satisfies JobStatus) || !waitingFor || waitingFor.requirement !== null) return null;
  const since = connected.get(waitingFor.connectionId);
  const missed = since !== undefined && now - Math.max(since, waitingFor.since) > MISSED_WAKE_MS;
  return missed && waitingFor.nextLookAt < now - MINUTE
    ? `waits for ${waitingFor.connectionId}, which is connected`
    : null;
}

const stuck = (workflowId: string, how: string, next: string): Finding =>
  problem('job_stuck', workflowId, {
    what: `The job ${workflowId} ${how}.`,
    why: 'Its record is not processed, and later ones of the same record wait behind it.',
    next,
  });

const moreJobs = notice('jobs_not_all_asked', null, {
  what: `More than ${ASKED} jobs are open for longer than ${OLD_MS / MINUTE} minutes; only so many were asked.`,
  why: 'A great number of old jobs usually has one cause: look at the findings above.',
  next: 'Run the doctor again when that cause is mended.',
});
