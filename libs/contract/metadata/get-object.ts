import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';
import { METADATA_ERRORS, ObjectSchemaSchema, ReadAtShape } from './metadata-shape.js';

/** The fields of one object type. */
export const getObject = defineEndpoint({
  operationId: 'getObject',
  method: 'GET',
  path: '/v1/connections/:id/metadata/objects/:name',
  tag: 'metadata',
  summary: 'Read the fields of one object type',
  auth: 'key',
  params: z.object({ id: z.string().min(1).max(300), name: z.string().min(1).max(200) }),
  status: 200,
  response: z.object({ object: ObjectSchemaSchema, ...ReadAtShape }),
  errors: METADATA_ERRORS,
});
