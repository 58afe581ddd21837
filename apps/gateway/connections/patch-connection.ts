import { createHash } from 'node:crypto';
import { Body, Controller, Param } from '@nestjs/common';
import { patchConnection } from '#contract/connections/patch-connection.js';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { checkSettings } from '#connector-sdk/authorize-url.js';
import { reconfigureUpdate } from '#workflows/connection/messages.js';
import { requireManifest } from '../connectors/require-manifest.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { checkAppClient } from './choose-app-client.js';
import { answerFor, updateConnection } from './connection-update.js';
import { askConnection } from './read-connection.js';

@Controller()
export class PatchConnection {
  constructor(private readonly services: GatewayServices) {}

  @Route(patchConnection)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: patchConnection.params }) { id }: ParamsOf<typeof patchConnection>,
    @Body({ schema: patchConnection.body }) body: BodyOf<typeof patchConnection>,
  ): Promise<ResponseOf<typeof patchConnection>> {
    const { document, view } = await askConnection(this.services, workspaceId, id);
    const change = {
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(body.settings === undefined ? {} : { settings: checkSettings(requireManifest(document.app), body.settings) }),
      ...(body.appClientId === undefined ? {} : { appClientId: body.appClientId }),
    };
    if (body.appClientId) await checkAppClient(this.services.store, workspaceId, document.app, body.appClientId);
    const digest = createHash('sha256').update(JSON.stringify(change)).digest('hex').slice(0, 16);
    const changed = await updateConnection(this.services, workspaceId, id, {
      update: reconfigureUpdate,
      args: [change],
      updateId: `reconfigure:${view.revision}.${digest}`,
    });
    return answerFor(this.services, document, changed);
  }
}
