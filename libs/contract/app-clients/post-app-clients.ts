import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { NameSchema } from '../fields.js';
import { AppClientSchema } from './app-client-shape.js';
import { ClientIdSchema, ClientSecretSchema } from './credential-fields.js';

/** Registers an OAuth client of ours at an app. */
export const postAppClients = defineEndpoint({
  operationId: 'postAppClients',
  method: 'POST',
  path: '/v1/app-clients',
  tag: 'app clients',
  summary: 'Register an OAuth client',
  auth: 'key',
  idempotent: true,
  body: z.strictObject({
    app: z.string().min(1).max(100),
    name: NameSchema,
    clientId: ClientIdSchema,
    clientSecret: ClientSecretSchema,
  }),
  status: 201,
  response: AppClientSchema,
  errors: ['key_missing'],
});
