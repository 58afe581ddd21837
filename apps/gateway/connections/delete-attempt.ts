import { Controller, Param } from '@nestjs/common';
import { deleteAttempt } from '#contract/connections/delete-attempt.js';
import type { ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { cancelAttemptUpdate } from '#workflows/connection/messages.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { answerFor, updateConnection } from './connection-update.js';
import { findAttempt } from './find-attempt.js';
import { findConnection } from './read-connection.js';

@Controller()
export class DeleteAttempt {
  constructor(private readonly services: GatewayServices) {}

  @Route(deleteAttempt)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: deleteAttempt.params }) { id, attemptId }: ParamsOf<typeof deleteAttempt>,
  ): Promise<ResponseOf<typeof deleteAttempt>> {
    const document = await findConnection(this.services, workspaceId, id);
    await findAttempt(this.services.store, workspaceId, id, attemptId);
    const view = await updateConnection(this.services, workspaceId, id, {
      update: cancelAttemptUpdate,
      args: [{ attemptId }],
      updateId: `cancelAttempt:${attemptId}`,
    });
    return answerFor(this.services, document, view);
  }
}
