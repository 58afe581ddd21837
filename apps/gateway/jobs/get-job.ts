import { Controller, Param } from '@nestjs/common';
import type { ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { getJob } from '#contract/jobs/get-job.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { jobOf } from './job-answer.js';
import { readJob } from './read-job.js';

@Controller()
export class GetJob {
  constructor(private readonly services: GatewayServices) {}

  @Route(getJob)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: getJob.params }) { id }: ParamsOf<typeof getJob>,
  ): Promise<ResponseOf<typeof getJob>> {
    return jobOf(await readJob(this.services, workspaceId, id));
  }
}
