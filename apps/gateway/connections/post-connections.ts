import { Body, Controller, Headers } from '@nestjs/common';
import { postConnections } from '#contract/connections/post-connections.js';
import type { BodyOf, ResponseOf } from '#contract/endpoint.js';
import { checkSettings } from '#connector-sdk/authorize-url.js';
import { mintId } from '#domain/ids.js';
import { requireManifest } from '../connectors/require-manifest.js';
import { idempotently } from '../creation/idempotently.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { NOTHING_PARKED } from '../temporal/visibility.js';
import { checkAppClient, onlyAppClient } from './choose-app-client.js';
import { connectionOf, projectedView } from './connection-answer.js';
import { createConnection } from './create-connection.js';

@Controller()
export class PostConnections {
  constructor(private readonly services: GatewayServices) {}

  @Route(postConnections)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Headers('idempotency-key') key: string | undefined,
    @Body({ schema: postConnections.body }) body: BodyOf<typeof postConnections>,
  ): Promise<ResponseOf<typeof postConnections>> {
    const manifest = requireManifest(body.app);
    const settings = checkSettings(manifest, body.settings);
    if (body.appClientId !== null) await checkAppClient(this.services.store, workspaceId, body.app, body.appClientId);
    return idempotently(this.services.store.idempotency, {
      workspaceId,
      key,
      endpoint: 'POST /v1/connections',
      body,
      mint: () => mintId('connection'),
      make: async (connectionId) => {
        const { app, name } = body;
        const appClientId = body.appClientId ?? (await onlyAppClient(this.services.store, workspaceId, app));
        const document = await createConnection(this.services, {
          workspaceId,
          connectionId,
          app,
          name,
          settings,
          appClientId,
          policy: manifest.policy,
          at: Date.now(),
        });
        return connectionOf(projectedView(document), {
          createdAt: document.createdAt,
          parked: NOTHING_PARKED,
          stale: false,
        });
      },
    });
  }
}
