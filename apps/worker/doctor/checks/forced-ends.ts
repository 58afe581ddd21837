import type { Client } from '@temporalio/client';
import { JOB_WORKFLOW } from '#workflows/job/messages.js';
import { forcedEnd, type ForcedEnd } from '../../recover/forced-end.js';
import type { Check } from '../check.js';
import { notice, problem, type Finding } from '../finding.js';

/** Looked at in one examination: a great number has one cause. */
const MOST = 500;

/** Jobs whose run did not end by itself: what they had to do is not done. */
export const forcedEnds: Check = {
  name: 'no job was ended by force',
  needs: ['temporal'],
  async run({ temporal }) {
    const findings: Finding[] = [];
    for await (const { workflowId, end } of jobsEndedByForce(temporal)) findings.push(findingOf(workflowId, end));
    return findings;
  },
};

/** Jobs whose newest run was ended by force. */
export async function* jobsEndedByForce(client: Client): AsyncGenerator<{ workflowId: string; end: ForcedEnd }> {
  const seen = new Set<string>();
  const query = `WorkflowType = '${JOB_WORKFLOW}' AND ExecutionStatus IN ('Terminated', 'TimedOut')`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    if (seen.has(workflowId)) continue;
    seen.add(workflowId);
    const end = await forcedEnd(client, workflowId);
    if (end) yield { workflowId, end };
    if (seen.size >= MOST) return;
  }
}

function findingOf(workflowId: string, end: ForcedEnd): Finding {
  const texts = {
    what: `The job ${workflowId} was ended by force at ${new Date(end.at).toISOString()}: ${end.why}`,
    why: 'Its record is processed in part or not at all.',
    next: 'Run `npm run doctor -- --rebuild`: it goes on from its history. To end it for good, cancel it then.',
  };
  return end.byLimit ? problem('job_ended_by_force', workflowId, texts) : notice('job_terminated', workflowId, texts);
}
