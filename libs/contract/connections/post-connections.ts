import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { NameSchema, SettingsSchema } from '../fields.js';
import { ConnectionSchema } from './connection-shape.js';

/** Makes a connection in state `draft`: it can be bound at once and authorized later. */
export const postConnections = defineEndpoint({
  operationId: 'postConnections',
  method: 'POST',
  path: '/v1/connections',
  tag: 'connections',
  summary: 'Create a connection (not yet authorized)',
  auth: 'key',
  idempotent: true,
  body: z.strictObject({
    app: z.string().min(1).max(100),
    name: NameSchema,
    settings: SettingsSchema.default({}),
    appClientId: z.string().min(1).max(100).nullable().default(null),
  }),
  status: 201,
  response: ConnectionSchema,
  errors: [],
});
