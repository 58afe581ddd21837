/** Requests for the answers that chance does not bring: each documented status of each operation, asked for on purpose. */
import { Browser } from '../support/browser.js';
import {
  authorize,
  connected,
  createConnection,
  openLink,
  SALESFORCE_ADMIN,
  SALESFORCE_CLIENT,
  SALESFORCE_SECOND,
  ZENDESK_CLIENT,
} from '../support/connect.js';
import { accountsToOrganizations, createRecipe } from '../support/recipes.js';
import type { Hawser } from '../support/start-hawser.js';
import type { Operation } from './openapi-operations.js';
import type { RawAnswer } from './raw-http.js';

/** Sends one request to an operation; its answer is judged and noted. */
export type Ask = (
  id: string,
  wish?: { params?: string[]; query?: string; body?: unknown; headers?: Record<string, string>; raw?: string },
) => Promise<RawAnswer>;

const UNKNOWN = 'zzz';
const TOO_LONG = 'x'.repeat(301);
const TOO_LARGE = `{"name":"${'n'.repeat(1_100_000)}"}`;

const parametersOf = ({ path }: Operation): number => [...path.matchAll(/\{/g)].length;
const all = (operation: Operation, value: string): string[] =>
  Array.from({ length: parametersOf(operation) }, () => value);

/** 400, 401, 404, 413 and 421 need nothing but the operation itself. */
export async function askPlainly(operations: Operation[], ask: Ask): Promise<void> {
  for (const operation of operations) {
    const { id, method, answers } = operation;
    const params = all(operation, UNKNOWN);
    await ask(id, { params, headers: { host: 'rebound.example' } });
    if (operation.keyed) await ask(id, { params, headers: { authorization: '' } });
    if (answers.has(404)) await ask(id, { params });
    if (answers.has(413)) await ask(id, { params, raw: TOO_LARGE });
    if (!answers.has(400)) continue;
    if (method !== 'GET') await ask(id, { params, raw: '{' });
    else if (params.length > 0) await ask(id, { params: all(operation, TOO_LONG) });
    else await ask(id, { query: 'nosuch=1' });
  }
}

export async function askAppClientsAndConnections({ api, emulators }: Hawser, ask: Ask): Promise<void> {
  const used = await api.ok('POST', '/v1/app-clients', ZENDESK_CLIENT);
  const spare = await ask('postAppClients', { body: SALESFORCE_CLIENT });
  await ask('getAppClient', { params: [used.id] });
  await ask('getAppClients');
  const born = JSON.parse(
    (
      await ask('postConnections', {
        body: { app: 'zendesk', name: 'Z', settings: { subdomain: 'acme' }, appClientId: used.id },
      })
    ).text,
  ) as { id: string };
  await ask('deleteAppClient', { params: [used.id] });
  await ask('deleteAppClient', { params: [(JSON.parse(spare.text) as { id: string }).id] });
  for (const [id, body, other] of [
    ['postAppClients', SALESFORCE_CLIENT, { ...SALESFORCE_CLIENT, name: 'Other' }],
    [
      'postConnections',
      { app: 'zendesk', name: 'A', settings: { subdomain: 'acme' } },
      { app: 'zendesk', name: 'B', settings: { subdomain: 'acme' } },
    ],
    ['postRecipes', accountsToOrganizations(null, null), { ...accountsToOrganizations(null, null), name: 'Other' }],
  ] as const) {
    const headers = { 'idempotency-key': `again-${id}` };
    for (const sent of [body, body, other]) await ask(id, { body: sent, headers });
  }
  // Two app clients and none chosen: nobody can say which.
  await api.ok('POST', '/v1/app-clients', ZENDESK_CLIENT);
  const unclear = await api.ok('POST', '/v1/connections', {
    app: 'zendesk',
    name: 'Unclear',
    settings: { subdomain: 'acme' },
  });
  await ask('authorizeConnection', { params: [unclear.id] });
  const attempt = JSON.parse((await ask('authorizeConnection', { params: [born.id] })).text) as { attemptId: string };
  await ask('getAttempt', { params: [born.id, attempt.attemptId] });
  await ask('deleteAttempt', { params: [born.id, attempt.attemptId] });
  await ask('patchConnection', { params: [born.id], body: { name: 'Renamed' } });
  for (const id of ['verifyConnection', 'refreshConnection', 'getObjects']) await ask(id, { params: [born.id] });
  await ask('getObject', { params: [born.id, 'organization'] });
  await ask('getPicklist', { params: [born.id, 'organization_field_options'], query: 'field=x' });
  await ask('deleteConnection', { params: [born.id] });
  for (const id of ['getConnections', 'getConnectors']) await ask(id);
  await ask('getConnector', { params: ['zendesk'] });
  await askConnected({ api, emulators }, ask);
}

async function askConnected({ api, emulators }: Pick<Hawser, 'api' | 'emulators'>, ask: Ask): Promise<void> {
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN, 'Directed');
  const recipe = await createRecipe(api, accountsToOrganizations(salesforce, null));
  for (const id of ['getConnection', 'getConnectionUsage', 'verifyConnection', 'refreshConnection', 'getObjects'])
    await ask(id, { params: [salesforce] });
  await ask('getObject', { params: [salesforce, 'Account'] });
  await ask('getPicklist', { params: [salesforce, 'objects'] });
  await emulators.fault({
    app: 'salesforce',
    path: '/sobjects/',
    kind: 'status',
    status: 400,
    times: 3,
    headers: { 'content-type': 'application/json' },
    body: [{ errorCode: 'MALFORMED_QUERY', message: 'No.' }],
  });
  await ask('getObjects', { params: [salesforce] });
  await ask('getObject', { params: [salesforce, 'Contact'] });
  await ask('getPicklist', { params: [salesforce, 'picklist_values'], query: 'object=Contact&field=Salutation' });
  await emulators.clearFaults();
  await ask('patchRecipe', { params: [recipe], body: { name: 'Renamed' } });
  await ask('decideCandidate', { params: [salesforce], body: { attemptId: UNKNOWN, accept: true } });
  const { end, attemptId } = await authorize(api, salesforce, SALESFORCE_SECOND);
  expect(end.outcome).toBe('candidate');
  await ask('decideCandidate', { params: [salesforce], body: { attemptId, accept: false } });
  for (const id of ['disconnectConnection', 'deleteConnection']) await ask(id, { params: [salesforce] });
  await ask('disconnectConnection', { params: [salesforce], body: { confirm: true } });
  await ask('deleteRecipe', { params: [recipe] });
}

/** What a browser meets on its way to a consent, and on a wrong one. */
export async function askConsent({ api }: Hawser, ask: Ask, note: (id: string, status: number) => void): Promise<void> {
  const id = await createConnection(api, 'salesforce', 'Consent');
  const { url } = await api.ok('POST', `/v1/connections/${id}/authorize`, {});
  const link = new URL(url).pathname.split('/').at(-1)!;
  await ask('getConnectLink', { params: [link] });
  await ask('postConnectLink', { params: [link], headers: { origin: 'https://evil.example' } });
  await ask('postConnectLink', { params: [link] });
  const { page } = await authorize(api, id, SALESFORCE_ADMIN);
  expect(page.url).toContain('/oauth/callback');
  note('getOauthCallback', page.status);
  // The newer attempt has taken the place of this one.
  for (const operation of ['getConnectLink', 'postConnectLink']) await ask(operation, { params: [link] });
  await expect(openLink(new Browser(), url)).rejects.toThrow('410');
  await ask('getOauthCallback', { query: 'state=forged&code=x' });
  for (const operation of ['getLive', 'getReady']) await ask(operation);
}

/** At a gateway whose limit is used up. */
export async function askTooOften(operations: Operation[], ask: Ask): Promise<void> {
  for (const operation of operations)
    if (operation.answers.has(429)) await ask(operation.id, { params: all(operation, UNKNOWN) });
}

const TOKEN = `att_${'0'.repeat(20)}.${'A'.repeat(43)}`;

/** At a gateway whose store is out of reach. All at once: each waits for its time-out. */
export async function askWithoutStore(operations: Operation[], ask: Ask): Promise<void> {
  await Promise.all(
    operations
      .filter(({ answers }) => answers.has(503))
      .map((operation) =>
        ask(operation.id, {
          params: all(operation, operation.keyed ? UNKNOWN : TOKEN),
          ...(operation.id === 'getOauthCallback' && { query: `state=${TOKEN}&code=x` }),
        }),
      ),
  );
}
