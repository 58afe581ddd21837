import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { ConnectorSchema } from './connector-shape.js';

/** One connector with its settings form, triggers, actions and picklists. */
export const getConnector = defineEndpoint({
  operationId: 'getConnector',
  method: 'GET',
  path: '/v1/connectors/:app',
  tag: 'connectors',
  summary: 'Read one connector: settings, triggers, actions, picklists',
  auth: 'key',
  params: z.object({ app: z.string().min(1).max(100) }),
  status: 200,
  response: ConnectorSchema,
  errors: ['not_found'],
});
