import { Body, Controller, Param } from '@nestjs/common';
import { disconnectConnection } from '#contract/connections/disconnect-connection.js';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { disconnectUpdate } from '#workflows/connection/messages.js';
import { GatewayServices } from '../ports.js';
import { ProblemError } from '../problems/problem-error.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { answerFor, updateConnection } from './connection-update.js';
import { askConnection } from './read-connection.js';
import { recipesUsing, usersOf } from './recipes-using.js';

@Controller()
export class DisconnectConnection {
  constructor(private readonly services: GatewayServices) {}

  @Route(disconnectConnection)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: disconnectConnection.params }) { id }: ParamsOf<typeof disconnectConnection>,
    @Body({ schema: disconnectConnection.body }) body: BodyOf<typeof disconnectConnection>,
  ): Promise<ResponseOf<typeof disconnectConnection>> {
    const { document, view } = await askConnection(this.services, workspaceId, id);
    if (body?.confirm !== true) await this.showImpact(workspaceId, id, view.name);
    const disconnected = await updateConnection(this.services, workspaceId, id, {
      update: disconnectUpdate,
      args: [{ by: 'person' }],
      updateId: `disconnect:${view.version}.${view.revision}`,
    });
    return answerFor(this.services, document, disconnected);
  }

  /** AS-26: the impact is shown before anything is done. */
  private async showImpact(workspaceId: string, id: string, name: string): Promise<void> {
    const using = await recipesUsing(this.services.store, workspaceId, id);
    if (using.length === 0) return;
    const running = using.filter(({ status }) => status !== 'stopped').length;
    throw new ProblemError(
      'in_use',
      `The connection "${name}" is used by ${using.length} recipe${using.length === 1 ? '' : 's'}, ${running} of them started: they will wait until it is connected again.`,
      {
        users: usersOf(using),
        cure: 'Repeat with {"confirm": true} to disconnect it all the same.',
      },
    );
  }
}
