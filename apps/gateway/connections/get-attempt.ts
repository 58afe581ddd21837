import { Controller, Param } from '@nestjs/common';
import { getAttempt } from '#contract/connections/get-attempt.js';
import type { ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { attemptEndOf } from '../consent/attempt-end.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { findAttempt } from './find-attempt.js';

@Controller()
export class GetAttempt {
  constructor(private readonly services: GatewayServices) {}

  @Route(getAttempt)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: getAttempt.params }) { id, attemptId }: ParamsOf<typeof getAttempt>,
  ): Promise<ResponseOf<typeof getAttempt>> {
    const attempt = await findAttempt(this.services.store, workspaceId, id, attemptId);
    const { connectionId, status, createdAt, expiresAt, scopes, answeredAt } = attempt;
    return {
      id: attempt._id,
      connectionId,
      status,
      createdAt,
      expiresAt,
      scopes,
      answeredAt,
      end: attemptEndOf(attempt),
    };
  }
}
