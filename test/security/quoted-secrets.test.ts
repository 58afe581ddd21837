/** An app that quotes our secrets, in every form and place: nothing that leaves the place of the call holds them. */
import { exchangeCode, refreshToken, type TokenCall } from '#auth/oauth2-authorization-code.js';
import { revokeToken } from '#auth/revoke-token.js';
import type { AppContext } from '#connector-sdk/connector.js';
import { salesforceManifest } from '#connectors/salesforce/manifest.js';
import { salesforceConnector } from '#connectors/salesforce/salesforce-connector.js';
import { zendeskManifest } from '#connectors/zendesk/manifest.js';
import { zendeskConnector } from '#connectors/zendesk/zendesk-connector.js';
import type { Http } from '#http/http.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import { fixedContext } from '../../apps/worker/app-calls/fixed-context.js';
import { countPassed } from '../support/count-passed.js';
import { formsOfSecret, secretsIn } from '../support/search-secrets.js';

// Without digits, so that no rule about words takes it for a token.
const ACCESS = 'access/quiet+words=that!look"like\\nothing';
const REFRESH = 'renewal-quiet-words-that-look-like-nothing';
const CLIENT_SECRET = 'client&secret of plain words';
const CODE = 'code-of-plain-words/and+signs';
const VERIFIER = 'verifier-of-plain-words-as-long-as-the-rfc-wants';
const SECRETS = [ACCESS, REFRESH, CLIENT_SECRET, CODE, VERIFIER];

/** Answers everything in the same way. */
const always = (status: number, text: string, headers: Record<string, string> = {}): Http => ({
  send: async (request) => {
    request.onFirstByte?.();
    return { status, text, headers: { 'content-type': 'application/json', ...headers }, at: 1 };
  },
  fetch: () => Promise.reject(new Error('unused')),
  close: async () => undefined,
});

/** What comes out of a call: its value, or the error with everything that hangs on it. */
async function everythingOf(work: Promise<unknown>): Promise<string> {
  const show = (value: unknown): string =>
    JSON.stringify(value, (_, item: unknown) =>
      item instanceof Error ? { ...item, message: item.message, stack: item.stack, cause: item.cause } : item,
    ) ?? '';
  return work.then(show, show);
}

const forms = SECRETS.flatMap((secret) =>
  formsOfSecret(secret).map((form) => [`${secret.split(/[^a-z]/)[0]}: ${form.slice(0, 12)}…`, form] as const),
);
const apiShapes: [string, (form: string) => string][] = [
  ['Salesforce error', (form) => JSON.stringify([{ errorCode: 'INVALID_FIELD', message: `You sent ${form}` }])],
  ['Salesforce code', (form) => JSON.stringify([{ errorCode: form, message: 'no' }])],
  [
    'Zendesk error',
    (form) =>
      JSON.stringify({
        error: 'RecordInvalid',
        description: `x ${form} y`,
        details: { name: [{ description: form }] },
      }),
  ],
  ['plain text', (form) => `no: ${form}`],
];
const tokenShapes: typeof apiShapes = [
  ['token error', (form) => JSON.stringify({ error: 'invalid_request', error_description: `It was ${form}` })],
  ['error word', (form) => JSON.stringify({ error: form })],
  ['form-encoded', (form) => `error=invalid_request&error_description=${encodeURIComponent(form)}`],
  [
    'XML',
    (form) =>
      `<OAuth><error>invalid_request</error><error_description>${form.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</error_description></OAuth>`,
  ],
];

const passed = countPassed('quoted-secrets', forms.length * (apiShapes.length + tokenShapes.length));

describe.each(forms)('%s', (_, form) => {
  const search = async (text: string, calls: (http: Http) => Promise<unknown>[]): Promise<string[]> => {
    const found: string[] = [];
    for (const status of [200, 400, 403, 500]) {
      const http = always(status, text, { 'x-trace': form, 'www-authenticate': `Bearer error="${form}"` });
      for (const outcome of calls(http)) found.push(...secretsIn(await everythingOf(outcome), SECRETS));
    }
    return found;
  };

  test.each(apiShapes)('API: %s', async (_shape, shape) => {
    expect(await search(shape(form), apiCalls)).toEqual([]);
    passed();
  });
  test.each(tokenShapes)('token endpoint: %s', async (_shape, shape) => {
    expect(await search(shape(form), tokenCalls)).toEqual([]);
    passed();
  });
});

/** Only the credential's own secrets are in hand for the calls of an API: an app's API never got the others. */
function apiCalls(http: Http): Promise<unknown>[] {
  const facts = { instanceUrl: 'https://acme.zendesk.com', settings: {}, scopes: [], accountId: 'a' };
  const mask = SecretMask.of(ACCESS, REFRESH, CLIENT_SECRET, CODE, VERIFIER);
  return [salesforceConnector, zendeskConnector].flatMap((connector) => {
    const context: AppContext = fixedContext({ http, connector, facts, accessToken: ACCESS, mask });
    return [
      context.call({ method: 'GET', path: '/x' }),
      context.ask({ method: 'POST', path: '/x', json: {} }),
      connector.verify(context, ['organizations:write', 'Account:read']),
      ...Object.values(connector.actions).map((action) =>
        action.run(
          context,
          {
            object: 'Account',
            id: '001',
            name: 'N',
            fields: {},
            subject: 'S',
            comment: 'C',
            externalIdField: 'X__c',
            externalId: '1',
          },
          'key',
        ),
      ),
      connector.objects(context),
      connector.object(context, 'Account'),
    ];
  });
}

function tokenCalls(http: Http): Promise<unknown>[] {
  const client = { clientId: 'id', clientSecret: CLIENT_SECRET };
  const calls: TokenCall[] = [
    { manifest: salesforceManifest, settings: { environment: 'sandbox' }, client, http },
    { manifest: zendeskManifest, settings: { subdomain: 'acme' }, client, http },
  ];
  return calls.flatMap((call) => [
    exchangeCode({
      ...call,
      code: CODE,
      verifier: VERIFIER,
      redirectUri: 'https://h.example/cb',
      inHand: [ACCESS, REFRESH],
    }),
    refreshToken({ ...call, refreshToken: REFRESH, inHand: [ACCESS, CODE, VERIFIER] }),
    revokeToken({ ...call, accessToken: ACCESS, refreshToken: REFRESH, inHand: [CODE, VERIFIER] }),
  ]);
}

test('tokens that come with an error are masked too, and tokens among the scopes of a good answer', async () => {
  const call = {
    manifest: salesforceManifest,
    settings: { environment: 'sandbox' },
    client: { clientId: 'id', clientSecret: null },
    refreshToken: 'spent-refresh-token-words',
  };
  const error = { error: 'invalid_grant', error_description: `not ${ACCESS}`, access_token: ACCESS };
  expect(
    secretsIn(await everythingOf(refreshToken({ ...call, http: always(400, JSON.stringify(error)) })), SECRETS),
  ).toEqual([]);
  const good = {
    access_token: ACCESS,
    refresh_token: REFRESH,
    scope: `api ${REFRESH} spent-refresh-token-words`,
    note: `kept ${REFRESH}`,
  };
  const { scopes, raw } = await refreshToken({ ...call, http: always(200, JSON.stringify(good)) });
  expect(scopes).toEqual(['api', '[redacted]', '[redacted]']);
  expect(raw).toMatchObject({ note: 'kept [redacted]' });
});
