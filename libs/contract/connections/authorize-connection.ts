import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { EmptyBodySchema, IdParamsSchema, TimeSchema } from '../fields.js';

/** Starts an attempt to authorize (or to reconnect): answers the one-time connect link for a browser. */
export const authorizeConnection = defineEndpoint({
  operationId: 'authorizeConnection',
  method: 'POST',
  path: '/v1/connections/:id/authorize',
  tag: 'connections',
  summary: 'Start an authorization: get a one-time connect link',
  description:
    'The link is shown once, only its hash is kept. A newer attempt supersedes an older one. The old credential serves on meanwhile.',
  auth: 'key',
  params: IdParamsSchema,
  body: EmptyBodySchema,
  status: 201,
  response: z.object({ attemptId: z.string(), url: z.string(), expiresAt: TimeSchema }),
  errors: ['not_found', 'actor_lost', 'conflict'],
});
