import { Body, Controller, Param } from '@nestjs/common';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { rerunJob } from '#contract/jobs/rerun-job.js';
import { findManifest } from '#connectors/manifests.js';
import { jobWorkflowId } from '#domain/ids.js';
import { lacksRecordAttribute, recordKeyOf } from '#temporal/record-key.js';
import { jobStateKey, recipeKey, recordKey, workspaceKey } from '#temporal/search-attributes.js';
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
import { cancelToEnd } from './cancel-to-end.js';
import { instancesOf } from './instances-of.js';
import { jobOf } from './job-answer.js';
import { jobsOfRecord } from './newer-jobs.js';
import { planRerun, type PlannedRerun, type RerunTarget } from './plan-rerun.js';
import { readJob } from './read-job.js';
import { requireConfirmed, requireNewest, requireRerunnable } from './require-rerunnable.js';
import { requirementsLeft } from './requirements-left.js';
import { rerunTarget } from './rerun-target.js';

/** The SDK's own name for further options of a start, among them the id by which Temporal knows a repeated request. */
const INTERNAL_START_OPTIONS = Symbol.for('__temporal_internal_client_workflow_start_options');

@Controller()
export class RerunJob {
  constructor(private readonly services: GatewayServices) {}

  @Route(rerunJob)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: rerunJob.params }) { id }: ParamsOf<typeof rerunJob>,
    @Body({ schema: rerunJob.body }) body: BodyOf<typeof rerunJob>,
  ): Promise<ResponseOf<typeof rerunJob>> {
    const { version = 'newest', confirm = [], force = false } = body ?? {};
    const job = await readJob(this.services, workspaceId, id);
    requireRerunnable(job);
    const target = await rerunTarget(this.services, job, version);
    const plan = await this.plan(job, target, confirm);
    const others = await jobsOfRecord(this.services, job);
    if (!force) requireNewest(others);
    await this.verify(rerunOf(job, Date.now(), plan));
    const ended = await this.ended(job);
    // What was done between the first look and the end counts too.
    const state = rerunOf(ended, Date.now(), await this.plan(ended, target, confirm));
    // Jobs of one record run one after the other. One that is queued may wait for this very job.
    const open = others.openEarlier ?? others.openLater;
    const after = open && open.status !== 'queued' ? open.jobId : null;
    await this.start(ended, state, after);
    return jobOf(await readJob(this.services, workspaceId, id));
  }

  private async plan(job: JobView, target: RerunTarget, confirm: string[]): Promise<PlannedRerun> {
    const plan = planRerun(job, target, await instancesOf(this.services, job, target));
    requireConfirmed(plan, confirm);
    return plan;
  }

  /** AS-09: what is left to do is proven to be allowed, before anything is sent. */
  private async verify(state: JobState): Promise<void> {
    const { used, requirements } = requirementsLeft(state, findManifest);
    const { reports, views } = await reportBindings(this.services, state);
    requireConnected('The job cannot be rerun', reports, used);
    await verifyBindings(this.services, views, requirements);
  }

  /** The job as it ended. One that waits is cancelled to its end. */
  private async ended(seen: JobView): Promise<JobView> {
    const { workspaceId, jobId } = seen;
    const job =
      seen.endedAt === null ? await cancelToEnd(this.services, seen) : await readJob(this.services, workspaceId, jobId);
    if (job.endedAt !== null && job.status !== 'succeeded' && job.reruns === seen.reruns) return job;
    throw this.meanwhile(job.status === 'succeeded' ? 'The job has succeeded meanwhile.' : undefined);
  }

  private async start(ended: JobView, state: JobState, after: string | null): Promise<void> {
    const { client } = this.services;
    const { workspaceId, recipeId, jobId, status, reruns, event } = state;
    const record = { key: recordKey, value: recordKeyOf(recipeId, event.recordId) };
    const run = (byRecord: boolean): Promise<unknown> =>
      temporalCall(client, () =>
        client.workflow.start(JOB_WORKFLOW, {
          workflowId: jobWorkflowId(workspaceId, jobId),
          taskQueue: TASK_QUEUE.jobs,
          args: [{ state, after }],
          priority: runPriority('job', workspaceId),
          workflowIdConflictPolicy: 'USE_EXISTING',
          // A cancelled job is a completed run for Temporal.
          workflowIdReusePolicy: ended.status === 'failed' ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'ALLOW_DUPLICATE',
          typedSearchAttributes: new TypedSearchAttributes([
            { key: workspaceKey, value: workspaceId },
            { key: recipeKey, value: recipeId },
            { key: jobStateKey, value: status },
            ...(byRecord ? [record] : []),
          ]),
          staticSummary: 'Job (rerun)',
          // Two people press at once: one rerun, even if it has ended when the second request arrives.
          ...{ [INTERNAL_START_OPTIONS]: { requestId: `rerun/${jobId}/${reruns}` } },
        }),
      );
    try {
      await run(true).catch((error: unknown) => {
        if (!lacksRecordAttribute(error)) throw error;
        return run(false);
      });
    } catch (error) {
      if (!(error instanceof Error && error.cause instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      throw this.meanwhile(undefined, error);
    }
  }

  private meanwhile(detail = 'The job has been rerun meanwhile.', cause?: unknown): ProblemError {
    return new ProblemError('conflict', detail, { cure: 'Read it again.' }, cause === undefined ? {} : { cause });
  }
}
