import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema, NameSchema } from '../fields.js';
import { AppClientSchema } from './app-client-shape.js';
import { ClientSecretSchema } from './credential-fields.js';

/** Renames an OAuth client, or gives it another secret. A new client id is a new client: grants live by the one that they were given to. */
export const patchAppClient = defineEndpoint({
  operationId: 'patchAppClient',
  method: 'PATCH',
  path: '/v1/app-clients/:id',
  tag: 'app clients',
  summary: 'Rename an OAuth client, or give it a new secret',
  description:
    'A new secret counts from the next request on, for old grants too. The client id cannot be changed: register another client, choose it for the connections and reconnect them.',
  auth: 'key',
  params: IdParamsSchema,
  body: z
    .strictObject({ name: NameSchema.optional(), clientSecret: ClientSecretSchema.optional() })
    .refine((body) => Object.keys(body).length > 0, 'Name at least one of: name, clientSecret.'),
  status: 200,
  response: AppClientSchema,
  errors: ['not_found'],
});
