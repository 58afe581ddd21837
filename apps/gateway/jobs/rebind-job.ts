import { Body, Controller, Param } from '@nestjs/common';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { rebindJob } from '#contract/jobs/rebind-job.js';
import { jobWorkflowId } from '#domain/ids.js';
import { signalActor } from '#temporal/signal-actor.js';
import { rebindJobSignal } from '#workflows/job/messages.js';
import { GatewayServices } from '../ports.js';
import { invalidFields } from '../problems/schema-issues.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { TEMPORAL_DEADLINE_MS } from '../temporal/temporal-call.js';
import { jobOf } from './job-answer.js';
import { readJob } from './read-job.js';
import { requireOpen } from './require-open.js';

@Controller()
export class RebindJob {
  constructor(private readonly services: GatewayServices) {}

  @Route(rebindJob)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: rebindJob.params }) { id }: ParamsOf<typeof rebindJob>,
    @Body({ schema: rebindJob.body }) { binding, connectionId }: BodyOf<typeof rebindJob>,
  ): Promise<ResponseOf<typeof rebindJob>> {
    const job = await readJob(this.services, workspaceId, id);
    requireOpen(job);
    await this.check(
      workspaceId,
      Object.hasOwn(job.bindings, binding) ? job.bindings[binding]?.app : undefined,
      binding,
      connectionId,
    );
    await signalActor(this.services.client, {
      workflowId: jobWorkflowId(workspaceId, id),
      signal: rebindJobSignal,
      args: [{ binding, connectionId }],
      deadlineMs: TEMPORAL_DEADLINE_MS,
      whenLost: 'conflict',
    });
    return jobOf(await readJob(this.services, workspaceId, id));
  }

  private async check(
    workspaceId: string,
    app: string | undefined,
    binding: string,
    connectionId: string,
  ): Promise<void> {
    if (app === undefined)
      throw invalidFields([{ pointer: '/binding', detail: `The job has no binding "${binding}".` }]);
    const connection = await this.services.store.connections.get(workspaceId, connectionId);
    if (!connection || connection.deleted)
      throw invalidFields([
        { pointer: '/connectionId', detail: `There is no connection "${connectionId}" in this workspace.` },
      ]);
    if (connection.app !== app) {
      throw invalidFields([
        {
          pointer: '/connectionId',
          detail: `The connection "${connectionId}" is one of ${connection.app}, but the binding "${binding}" is for ${app}.`,
        },
      ]);
    }
  }
}
