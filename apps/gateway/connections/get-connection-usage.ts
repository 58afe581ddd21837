import { Controller, Param } from '@nestjs/common';
import { getConnectionUsage } from '#contract/connections/get-connection-usage.js';
import type { ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { listJobs } from '../jobs/list-jobs.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { countParked } from '../temporal/visibility.js';
import { findConnection } from './read-connection.js';
import { recipesUsing } from './recipes-using.js';

/** So many parked jobs are named; the count is of all. */
const NAMED = 50;

@Controller()
export class GetConnectionUsage {
  constructor(private readonly services: GatewayServices) {}

  @Route(getConnectionUsage)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: getConnectionUsage.params }) { id }: ParamsOf<typeof getConnectionUsage>,
  ): Promise<ResponseOf<typeof getConnectionUsage>> {
    const { store, client } = this.services;
    await findConnection(this.services, workspaceId, id);
    const [recipes, parked, page] = await Promise.all([
      recipesUsing(store, workspaceId, id),
      countParked(client, workspaceId, id),
      listJobs(this.services, workspaceId, { connectionId: id, limit: NAMED }),
    ]);
    return { recipes, parkedJobs: { count: parked.jobs, items: page.items } };
  }
}
