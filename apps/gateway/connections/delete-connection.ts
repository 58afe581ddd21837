import { Controller, Param, Query } from '@nestjs/common';
import { deleteConnection } from '#contract/connections/delete-connection.js';
import type { ParamsOf, QueryOf } from '#contract/endpoint.js';
import { deleteUpdate } from '#workflows/connection/messages.js';
import { GatewayServices } from '../ports.js';
import { ProblemError } from '../problems/problem-error.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { updateConnection } from './connection-update.js';
import { findConnection } from './read-connection.js';
import { recipesUsing, usersOf } from './recipes-using.js';

@Controller()
export class DeleteConnection {
  constructor(private readonly services: GatewayServices) {}

  @Route(deleteConnection)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: deleteConnection.params }) { id }: ParamsOf<typeof deleteConnection>,
    @Query({ schema: deleteConnection.query }) { force }: QueryOf<typeof deleteConnection>,
  ): Promise<void> {
    const document = await findConnection(this.services, workspaceId, id);
    if (force !== 'true') {
      const using = await recipesUsing(this.services.store, workspaceId, id);
      if (using.length > 0) {
        throw new ProblemError(
          'in_use',
          `The connection "${document.name}" is used by ${using.length} recipe${using.length === 1 ? '' : 's'}.`,
          {
            users: usersOf(using),
            cure: 'Bind another connection in these recipes, or repeat with ?force=true: their parked jobs then wait for another binding or a cancel.',
          },
        );
      }
    }
    await updateConnection(this.services, workspaceId, id, {
      update: deleteUpdate,
      args: [{ by: 'person' }],
      updateId: 'delete',
    });
  }
}
