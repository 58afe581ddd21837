import { z } from 'zod';
import { defineEndpoint } from '../endpoint.js';

export const LinkParamsSchema = z.object({ link: z.string().min(1).max(200) });

/** The page behind a connect link: who asks, for which workspace, app and connection. Opening it changes nothing. */
export const getConnectLink = defineEndpoint({
  operationId: 'getConnectLink',
  method: 'GET',
  path: '/connect/:link',
  tag: 'consent',
  summary: 'Page of a connect link',
  auth: 'none',
  params: LinkParamsSchema,
  status: 200,
  produces: 'text/html',
  pages: {
    404: 'There is no such link.',
    410: 'The link was used, is over, or its connection is gone.',
  },
  errors: ['not_found'],
});
