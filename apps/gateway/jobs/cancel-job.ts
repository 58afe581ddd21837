import { Body, Controller, Param } from '@nestjs/common';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { cancelJob } from '#contract/jobs/cancel-job.js';
import { jobWorkflowId } from '#domain/ids.js';
import { signalActor } from '#temporal/signal-actor.js';
import { cancelJobSignal } from '#workflows/job/messages.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { TEMPORAL_DEADLINE_MS } from '../temporal/temporal-call.js';
import { jobOf } from './job-answer.js';
import { readJob } from './read-job.js';
import { requireOpen } from './require-open.js';

@Controller()
export class CancelJob {
  constructor(private readonly services: GatewayServices) {}

  @Route(cancelJob)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: cancelJob.params }) { id }: ParamsOf<typeof cancelJob>,
    @Body({ schema: cancelJob.body }) _: BodyOf<typeof cancelJob>,
  ): Promise<ResponseOf<typeof cancelJob>> {
    requireOpen(await readJob(this.services, workspaceId, id));
    await signalActor(this.services.client, {
      workflowId: jobWorkflowId(workspaceId, id),
      signal: cancelJobSignal,
      args: [],
      deadlineMs: TEMPORAL_DEADLINE_MS,
      whenLost: 'conflict',
    });
    return jobOf(await readJob(this.services, workspaceId, id));
  }
}
