import { Body, Controller, Headers } from '@nestjs/common';
import { postAppClients } from '#contract/app-clients/post-app-clients.js';
import type { BodyOf, ResponseOf } from '#contract/endpoint.js';
import { mintId } from '#domain/ids.js';
import { HawserError } from '#domain/errors.js';
import type { AppClientDocument } from '#store/documents.js';
import { requireManifest } from '../connectors/require-manifest.js';
import { idempotently } from '../creation/idempotently.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { appClientOf } from './app-client-answer.js';
import { sealClientSecret } from './seal-client-secret.js';

@Controller()
export class PostAppClients {
  constructor(private readonly services: GatewayServices) {}

  @Route(postAppClients)
  handle(
    @WorkspaceOfKey() workspaceId: string,
    @Headers('idempotency-key') key: string | undefined,
    @Body({ schema: postAppClients.body }) body: BodyOf<typeof postAppClients>,
  ): Promise<ResponseOf<typeof postAppClients>> {
    requireManifest(body.app);
    return idempotently(this.services.store.idempotency, {
      workspaceId,
      key,
      endpoint: 'POST /v1/app-clients',
      body,
      mint: () => mintId('appClient'),
      make: async (id) => appClientOf(await this.make(workspaceId, id, body)),
    });
  }

  private async make(workspaceId: string, id: string, body: BodyOf<typeof postAppClients>): Promise<AppClientDocument> {
    const { store, sealer } = this.services;
    const { app, name, clientId, clientSecret } = body;
    const sealedSecret = await sealClientSecret(sealer, workspaceId, id, clientSecret);
    const client: AppClientDocument = {
      _id: id,
      workspaceId,
      app,
      name,
      clientId,
      sealedSecret,
      createdAt: Date.now(),
    };
    try {
      await store.appClients.insert(client);
      return client;
    } catch (error) {
      // A repeat of a creation that got this far: the id was minted for this request, so what is there is its own work.
      const earlier =
        error instanceof HawserError && error.code === 'conflict' ? await store.appClients.get(workspaceId, id) : null;
      if (!earlier) throw error;
      return earlier;
    }
  }
}
