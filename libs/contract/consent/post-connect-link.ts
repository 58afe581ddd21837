import { defineEndpoint } from '../endpoint.js';
import { LinkParamsSchema } from './get-connect-link.js';

/** The button: binds the browser by a cookie, mints state and PKCE, and redirects to the app (303). */
export const postConnectLink = defineEndpoint({
  operationId: 'postConnectLink',
  method: 'POST',
  path: '/connect/:link',
  tag: 'consent',
  summary: 'Button of a connect link: goes to the app',
  description:
    'Answers 303 with the authorize address in `Location` and the cookie `hawser_<attemptId>` (HttpOnly, SameSite=Lax, path /oauth/callback).',
  auth: 'none',
  params: LinkParamsSchema,
  status: 303,
  produces: 'text/html',
  pages: {
    403: 'The form does not come from the page of this link.',
    404: 'There is no such link.',
    410: 'The link was used, is over, or its app client is gone.',
  },
  errors: ['not_found', 'actor_lost', 'key_missing'],
});
