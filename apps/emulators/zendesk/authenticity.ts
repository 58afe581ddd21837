import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';

/** A value of the right shape for `authenticity_token`; nothing here checks it. */
export function formKeyOf(request: FastifyRequest): string {
  return createHash('sha256')
    .update(request.headers.authorization ?? 'anonymous')
    .digest('base64');
}
