import { Body, Controller, Param } from '@nestjs/common';
import { decideCandidate } from '#contract/connections/decide-candidate.js';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { decideCandidateUpdate } from '#workflows/connection/messages.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { answerFor, updateConnection } from './connection-update.js';
import { findConnection } from './read-connection.js';

@Controller()
export class DecideCandidate {
  constructor(private readonly services: GatewayServices) {}

  @Route(decideCandidate)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: decideCandidate.params }) { id }: ParamsOf<typeof decideCandidate>,
    @Body({ schema: decideCandidate.body }) { attemptId, accept }: BodyOf<typeof decideCandidate>,
  ): Promise<ResponseOf<typeof decideCandidate>> {
    const document = await findConnection(this.services, workspaceId, id);
    const view = await updateConnection(this.services, workspaceId, id, {
      update: decideCandidateUpdate,
      args: [{ attemptId, accept }],
      updateId: `decideCandidate:${attemptId}.${accept ? 'accept' : 'refuse'}`,
    });
    return answerFor(this.services, document, view);
  }
}
