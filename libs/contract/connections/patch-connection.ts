import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema, NameSchema, SettingsSchema } from '../fields.js';
import { ConnectionSchema } from './connection-shape.js';

/** Renames or reconfigures; settings that name the instance take effect with the next authorization. */
export const patchConnection = defineEndpoint({
  operationId: 'patchConnection',
  method: 'PATCH',
  path: '/v1/connections/:id',
  tag: 'connections',
  summary: 'Rename or reconfigure a connection',
  auth: 'key',
  params: IdParamsSchema,
  body: z
    .strictObject({
      name: NameSchema.optional(),
      settings: SettingsSchema.optional().describe('Replaces all settings.'),
      appClientId: z.string().min(1).max(100).nullable().optional(),
    })
    .refine((body) => Object.keys(body).length > 0, 'Name at least one of: name, settings, appClientId.'),
  status: 200,
  response: ConnectionSchema,
  errors: ['not_found', 'actor_lost'],
});
