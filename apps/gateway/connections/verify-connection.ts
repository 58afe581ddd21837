import { Body, Controller, Param } from '@nestjs/common';
import { verifyConnection } from '#contract/connections/verify-connection.js';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { answerFor } from './connection-update.js';
import { askConnection } from './read-connection.js';
import { requireCredential } from './require-credential.js';
import { verifyNow } from './verify-now.js';

@Controller()
export class VerifyConnection {
  constructor(private readonly services: GatewayServices) {}

  @Route(verifyConnection)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: verifyConnection.params }) { id }: ParamsOf<typeof verifyConnection>,
    @Body({ schema: verifyConnection.body }) body: BodyOf<typeof verifyConnection>,
  ): Promise<ResponseOf<typeof verifyConnection>> {
    const { document, view } = await askConnection(this.services, workspaceId, id);
    requireCredential(view, 'verify');
    const verified = await verifyNow(this.services, view, [...new Set(body?.requirements ?? [])].sort());
    return answerFor(this.services, document, verified);
  }
}
