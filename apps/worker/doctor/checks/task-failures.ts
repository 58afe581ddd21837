import type { Check } from '../check.js';
import { notice, problem, type Finding } from '../finding.js';

/** Written by the server (1.30 and later) when the tasks of a workflow fail again and again. */
const REPORTED = 'TemporalReportedProblems';

/** A workflow whose tasks fail is repeated for ever and looks as if it only waited. */
export const taskFailures: Check = {
  name: 'workflow tasks that fail',
  needs: ['temporal'],
  async run({ temporal, config }) {
    const { systemAttributes } = await temporal.connection.operatorService.listSearchAttributes({
      namespace: config.temporal.namespace,
    });
    if (!(REPORTED in (systemAttributes ?? {}))) return [tooOld];
    const findings: Finding[] = [];
    for await (const run of temporal.workflow.list({
      query: `${REPORTED} IS NOT NULL AND ExecutionStatus = 'Running'`,
    })) {
      findings.push(
        problem('task_failures', run.workflowId, {
          what: `The workflow tasks of ${run.workflowId} fail again and again.`,
          why: 'It stands still until a worker can take its tasks: an older build, a missing payload key, or a fault of ours.',
          next: 'Read its last WorkflowTaskFailed event in the Temporal Web UI; start workers of the newest build with every payload key.',
        }),
      );
    }
    return findings;
  },
};

const tooOld = notice('task_failures_unknown', null, {
  what: 'This Temporal server does not tell of failing workflow tasks.',
  why: 'Loops of WorkflowTaskFailed are not seen by this check.',
  next: 'Use a server of version 1.30 or later.',
});
