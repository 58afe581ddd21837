import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { HawserError } from '#domain/errors.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Workspace of the API key; absent on the few paths that need none. */
    workspaceId?: string;
  }
}

/** The workspace of the caller's key: what every query carries. */
export const WorkspaceOfKey = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { workspaceId } = context.switchToHttp().getRequest<FastifyRequest>();
  // Fails closed: a handler that asks for the workspace can never run without a key.
  if (workspaceId === undefined) throw new HawserError('unauthenticated');
  return workspaceId;
});
