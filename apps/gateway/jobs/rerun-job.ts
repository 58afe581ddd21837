import { Body, Controller, Param } from '@nestjs/common';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { rerunJob } from '#contract/jobs/rerun-job.js';
import { findManifest } from '#connectors/manifests.js';
import { jobWorkflowId } from '#domain/ids.js';
import { jobStateKey, recipeKey, workspaceKey } from '#temporal/search-attributes.js';
import { TASK_QUEUE } from '#temporal/task-queues.js';
import { runPriority } from '#temporal/run-priority.js';
import { JOB_WORKFLOW, rerunOf, type JobState, type JobView } from '#workflows/job/messages.js';
import { GatewayServices } from '../ports.js';
import { ProblemError } from '../problems/problem-error.js';
import { reportBindings } from '../recipes/report-bindings.js';
import { requireConnected } from '../recipes/require-connected.js';
import { verifyBindings } from '../recipes/verify-bindings.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { temporalCall } from '../temporal/temporal-call.js';
import { jobOf } from './job-answer.js';
import { readJob } from './read-job.js';
import { requirementsLeft } from './requirements-left.js';

@Controller()
export class RerunJob {
  constructor(private readonly services: GatewayServices) {}

  @Route(rerunJob)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: rerunJob.params }) { id }: ParamsOf<typeof rerunJob>,
    @Body({ schema: rerunJob.body }) _: BodyOf<typeof rerunJob>,
  ): Promise<ResponseOf<typeof rerunJob>> {
    const job = await readJob(this.services, workspaceId, id);
    if (job.status !== 'failed') {
      throw new ProblemError('conflict', `Only failed jobs can be rerun; this one is ${job.status}.`, {
        cure: job.endedAt === null ? 'Wait until it ends, or cancel it.' : 'Nothing is to be done.',
      });
    }
    await this.verify(workspaceId, job);
    await this.start(workspaceId, rerunOf(job, Date.now()));
    return jobOf(await readJob(this.services, workspaceId, id));
  }

  /** AS-09: what is left to do is proven to be allowed, before anything is sent. */
  private async verify(workspaceId: string, job: JobView): Promise<void> {
    const { used, requirements } = requirementsLeft(job, findManifest);
    const { reports, views } = await reportBindings(this.services, {
      workspaceId,
      definition: job.definition,
      bindings: job.bindings,
    });
    requireConnected('The job cannot be rerun', reports, used);
    await verifyBindings(this.services, views, requirements);
  }

  private async start(workspaceId: string, state: JobState): Promise<void> {
    const { client } = this.services;
    try {
      await temporalCall(client, () =>
        client.workflow.start(JOB_WORKFLOW, {
          workflowId: jobWorkflowId(workspaceId, state.jobId),
          taskQueue: TASK_QUEUE.jobs,
          args: [{ state, after: null }],
          priority: runPriority('job', workspaceId),
          // Two people press at once: one rerun.
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
          typedSearchAttributes: new TypedSearchAttributes([
            { key: workspaceKey, value: workspaceId },
            { key: recipeKey, value: state.recipeId },
            { key: jobStateKey, value: state.status },
          ]),
          staticSummary: 'Job (rerun)',
        }),
      );
    } catch (error) {
      if (!(error instanceof Error && error.cause instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      throw new ProblemError(
        'conflict',
        'The job has been rerun meanwhile.',
        { cure: 'Read it again.' },
        { cause: error },
      );
    }
  }
}
