import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { ConnectorSummarySchema } from './connector-shape.js';

/** Lists the apps that can be connected. */
export const getConnectors = defineEndpoint({
  operationId: 'getConnectors',
  method: 'GET',
  path: '/v1/connectors',
  tag: 'connectors',
  summary: 'List the apps that can be connected',
  auth: 'key',
  status: 200,
  response: z.object({ items: z.array(ConnectorSummarySchema) }),
  errors: [],
});
