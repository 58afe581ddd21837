import { Controller, Query } from '@nestjs/common';
import { getAppClients } from '#contract/app-clients/get-app-clients.js';
import type { QueryOf, ResponseOf } from '#contract/endpoint.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { appClientOf } from './app-client-answer.js';

@Controller()
export class GetAppClients {
  constructor(private readonly services: GatewayServices) {}

  @Route(getAppClients)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Query({ schema: getAppClients.query }) query: QueryOf<typeof getAppClients>,
  ): Promise<ResponseOf<typeof getAppClients>> {
    const page = await this.services.store.appClients.list(workspaceId, {
      limit: query.limit,
      after: query.cursor ?? null,
    });
    return { items: page.items.map(appClientOf), nextCursor: page.nextCursor };
  }
}
