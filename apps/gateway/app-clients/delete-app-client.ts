import { Controller, Param } from '@nestjs/common';
import { deleteAppClient } from '#contract/app-clients/delete-app-client.js';
import type { ParamsOf } from '#contract/endpoint.js';
import { GatewayServices } from '../ports.js';
import { notFound, ProblemError } from '../problems/problem-error.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { usersOfAppClient } from './users-of-app-client.js';

@Controller()
export class DeleteAppClient {
  constructor(private readonly services: GatewayServices) {}

  @Route(deleteAppClient)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: deleteAppClient.params }) { id }: ParamsOf<typeof deleteAppClient>,
  ): Promise<void> {
    const { store } = this.services;
    const client = await store.appClients.get(workspaceId, id);
    if (!client) throw notFound('app client', id);
    const users = await usersOfAppClient(store, workspaceId, client);
    if (users.length > 0) {
      throw new ProblemError(
        'in_use',
        `The app client "${client.name}" is used by ${users.length} connection${users.length === 1 ? '' : 's'}.`,
        {
          users,
          cure: 'Delete these connections, or give them another app client (PATCH /v1/connections/:id) and reconnect them: a grant lives by the client that it was given to.',
        },
      );
    }
    await store.appClients.delete(workspaceId, id);
  }
}
