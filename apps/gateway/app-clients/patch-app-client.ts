import { Body, Controller, Param } from '@nestjs/common';
import { patchAppClient } from '#contract/app-clients/patch-app-client.js';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { GatewayServices } from '../ports.js';
import { notFound } from '../problems/problem-error.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { appClientOf } from './app-client-answer.js';
import { sealClientSecret } from './seal-client-secret.js';

@Controller()
export class PatchAppClient {
  constructor(private readonly services: GatewayServices) {}

  @Route(patchAppClient)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: patchAppClient.params }) { id }: ParamsOf<typeof patchAppClient>,
    @Body({ schema: patchAppClient.body }) { name, clientSecret }: BodyOf<typeof patchAppClient>,
  ): Promise<ResponseOf<typeof patchAppClient>> {
    const { store, sealer } = this.services;
    if (!(await store.appClients.get(workspaceId, id))) throw notFound('app client', id);
    const change = {
      ...(name === undefined ? {} : { name }),
      ...(clientSecret === undefined
        ? {}
        : { sealedSecret: await sealClientSecret(sealer, workspaceId, id, clientSecret) }),
    };
    await store.appClients.change(workspaceId, id, change);
    const changed = await store.appClients.get(workspaceId, id);
    if (!changed) throw notFound('app client', id);
    return appClientOf(changed);
  }
}
