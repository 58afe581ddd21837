import { Controller, Query } from '@nestjs/common';
import type { QueryOf, ResponseOf } from '#contract/endpoint.js';
import { getJobs } from '#contract/jobs/get-jobs.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { listJobs } from './list-jobs.js';

@Controller()
export class GetJobs {
  constructor(private readonly services: GatewayServices) {}

  @Route(getJobs)
  handle(
    @WorkspaceOfKey() workspaceId: string,
    @Query({ schema: getJobs.query }) query: QueryOf<typeof getJobs>,
  ): Promise<ResponseOf<typeof getJobs>> {
    return listJobs(this.services, workspaceId, query);
  }
}
