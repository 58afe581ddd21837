import { z } from 'zod';
import { mapOf } from '../bounded.js';
import { defineEndpoint } from '../endpoint.js';
import { METADATA_ERRORS, PicklistItemSchema, ReadAtShape } from './metadata-shape.js';

/** The choices of one picklist; the picklist's own parameters are query parameters. */
export const getPicklist = defineEndpoint({
  operationId: 'getPicklist',
  method: 'GET',
  path: '/v1/connections/:id/metadata/picklists/:name',
  tag: 'metadata',
  summary: 'Read the choices of a picklist',
  description:
    'Every query parameter is a parameter of the picklist (see `picklists` of the connector): `?object=Account&field=Type`.',
  auth: 'key',
  params: z.object({ id: z.string().min(1).max(300), name: z.string().min(1).max(200) }),
  query: mapOf(z.string().max(100), z.string().max(500), 20),
  status: 200,
  response: z.object({ items: z.array(PicklistItemSchema), ...ReadAtShape }),
  errors: METADATA_ERRORS,
});
