import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { IdParamsSchema } from '../fields.js';
import { METADATA_ERRORS, ObjectSummarySchema, ReadAtShape } from './metadata-shape.js';

/** The object types of the connected instance, standard and custom. */
export const getObjects = defineEndpoint({
  operationId: 'getObjects',
  method: 'GET',
  path: '/v1/connections/:id/metadata/objects',
  tag: 'metadata',
  summary: 'List the object types of the connected instance',
  auth: 'key',
  params: IdParamsSchema,
  status: 200,
  response: z.object({ items: z.array(ObjectSummarySchema), ...ReadAtShape }),
  errors: METADATA_ERRORS,
});
