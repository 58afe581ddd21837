import { Controller, Param } from '@nestjs/common';
import { getConnection } from '#contract/connections/get-connection.js';
import type { ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { glanceAtParked } from '../temporal/visibility.js';
import { approvalWarnings } from './approvals.js';
import { connectionOf } from './connection-answer.js';
import { glanceAtConnection } from './read-connection.js';

@Controller()
export class GetConnection {
  constructor(private readonly services: GatewayServices) {}

  @Route(getConnection)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: getConnection.params }) { id }: ParamsOf<typeof getConnection>,
  ): Promise<ResponseOf<typeof getConnection>> {
    const [{ document, view, stale }, parked] = await Promise.all([
      glanceAtConnection(this.services, workspaceId, id),
      glanceAtParked(this.services.client, workspaceId, id),
    ]);
    // A note beside the view: it is left out where it cannot be had.
    const warnings = await approvalWarnings(this.services, view).catch(() => []);
    return {
      ...connectionOf(view, { createdAt: document.createdAt, parked, stale }),
      ...(warnings.length > 0 ? { warnings } : {}),
    };
  }
}
