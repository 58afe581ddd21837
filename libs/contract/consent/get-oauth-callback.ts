import { defineEndpoint } from '../endpoint.js';

/** Where the app sends the browser back. The page waits up to 10 s for the outcome, shows it, tells the opener and closes. */
export const getOauthCallback = defineEndpoint({
  operationId: 'getOauthCallback',
  method: 'GET',
  path: '/oauth/callback',
  tag: 'consent',
  summary: 'OAuth callback',
  description: 'Query by RFC 6749: `state` with `code` or `error`.',
  auth: 'none',
  status: 200,
  produces: 'text/html',
  pages: { 400: 'Forged, late, used up or from another browser (`callback_rejected`): nothing was stored.' },
  errors: ['key_missing'],
});
