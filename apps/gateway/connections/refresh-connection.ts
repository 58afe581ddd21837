import { Body, Controller, Param } from '@nestjs/common';
import { refreshConnection } from '#contract/connections/refresh-connection.js';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { refreshUpdate } from '#workflows/connection/messages.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { answerFor, updateConnection } from './connection-update.js';
import { askConnection } from './read-connection.js';
import { requireCredential } from './require-credential.js';

@Controller()
export class RefreshConnection {
  constructor(private readonly services: GatewayServices) {}

  @Route(refreshConnection)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: refreshConnection.params }) { id }: ParamsOf<typeof refreshConnection>,
    @Body({ schema: refreshConnection.body }) body: BodyOf<typeof refreshConnection>,
  ): Promise<ResponseOf<typeof refreshConnection>> {
    const askedAt = performance.now();
    const { document, view } = await askConnection(this.services, workspaceId, id);
    requireCredential(view, 'renew');
    const seenVersion = body?.seenVersion ?? view.version;
    if (seenVersion < view.version) return answerFor(this.services, document, view);
    const refreshed = await updateConnection(this.services, workspaceId, id, {
      update: refreshUpdate,
      // A span, not a moment: this machine's clock and Temporal's are two.
      args: [{ by: 'person', seenVersion, waitedMs: Math.round(performance.now() - askedAt) }],
      updateId: `refresh:${view.version}.${view.refreshFailures}.${view.revision}`,
    });
    return answerFor(this.services, document, refreshed);
  }
}
