import { Controller, Param } from '@nestjs/common';
import { getAppClient } from '#contract/app-clients/get-app-client.js';
import type { ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { GatewayServices } from '../ports.js';
import { notFound } from '../problems/problem-error.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { appClientOf } from './app-client-answer.js';

@Controller()
export class GetAppClient {
  constructor(private readonly services: GatewayServices) {}

  @Route(getAppClient)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: getAppClient.params }) { id }: ParamsOf<typeof getAppClient>,
  ): Promise<ResponseOf<typeof getAppClient>> {
    const client = await this.services.store.appClients.get(workspaceId, id);
    if (!client) throw notFound('app client', id);
    return appClientOf(client);
  }
}
