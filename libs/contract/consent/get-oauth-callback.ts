import { defineEndpoint } from '../endpoint.js';

/** Where the app sends the browser back. The page waits up to 10 s for the outcome, shows it, tells the opener and closes. */
export const getOauthCallback = defineEndpoint({
  operationId: 'getOauthCallback',
  method: 'GET',
  path: '/oauth/callback',
  tag: 'consent',
  summary: 'OAuth callback',
  description:
    'Query by RFC 6749: `state` with `code` or `error`. Refused with an error page (400, `callback_rejected`) when forged, late, used up or from another browser.',
  auth: 'none',
  status: 200,
  produces: 'text/html',
  errors: ['callback_rejected'],
});
