/** Promise 1: no secret in Temporal, not even sealed; nor in logs, nor in MongoDB outside the vault's boxes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  authorize,
  connected,
  createConnection,
  SALESFORCE_ADMIN,
  SALESFORCE_SECOND,
  ZENDESK_ADMIN,
} from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { everythingInMongo } from '../support/everything-in-mongo.js';
import { everythingInTemporal } from '../support/everything-in-temporal.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { secretsIn } from '../support/search-secrets.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';

let hawser: Hawser;
beforeAll(
  async () =>
    void (hawser = await startHawser('everything that all its processes log at level debug is searched', {
      env: { HAWSER_LOG_LEVEL: 'debug' },
    })),
  120_000,
);
afterAll(() => hawser?.stop());

/** A story in which every kind of secret travels: codes, tokens, passwords, client secrets, failures that quote them. */
async function story(): Promise<void> {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk));
  await untilJobs(api, recipe, 'succeeded', 12);
  await emulators.expireAccessTokens('zendesk/acme');
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'After the expiry' });
  await untilJobs(api, recipe, 'succeeded', 13);
  // Apps that quote what they got: in a token error, and in an API error.
  const quoted = (await emulators.secrets()).slice(-3).join(' ');
  await emulators.fault({
    app: 'salesforce',
    path: '/services/oauth2/token',
    kind: 'status',
    status: 400,
    body: { error: 'invalid_request', error_description: `You sent ${quoted}` },
  });
  await authorize(api, await createConnection(api, 'salesforce', 'Quoted'), SALESFORCE_ADMIN);
  await emulators.fault({
    app: 'zendesk',
    path: '/api/v2/organizations',
    kind: 'status',
    status: 422,
    body: { error: 'RecordInvalid', description: `Bearer ${quoted}`, details: {} },
  });
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'Refused with a quotation' });
  await untilJobs(api, recipe, 'failed', 1);
  await emulators.changePassword('zendesk/acme', ZENDESK_ADMIN.username, 'changed-for-p01');
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'While it is lost' });
  await untilJobs(api, recipe, 'waiting', 1);
  await authorize(api, zendesk, { ...ZENDESK_ADMIN, password: 'changed-for-p01' });
  await untilJobs(api, recipe, 'succeeded', 14);
  await authorize(api, salesforce, SALESFORCE_SECOND);
  await api.ok('POST', `/v1/connections/${zendesk}/disconnect`, { confirm: true });
  await eventually('the revocation', async () => (await emulators.counts('zendesk/acme')).revokes > 0);
}

test('p01: every secret that was ever issued stands nowhere but in sealed boxes', async () => {
  await story();
  const key = (file: string): string[] => {
    const ring = JSON.parse(readFileSync(join(hawser.dataDir, 'keys', file), 'utf8')) as {
      keys: { d?: string; k?: string }[];
    };
    return ring.keys.flatMap((entry) => [entry.d, entry.k].filter((part): part is string => part !== undefined));
  };
  const secrets = [
    ...new Set([
      ...(await hawser.emulators.secrets()),
      hawser.api.key ?? '',
      ...key('vault.private.json'),
      ...key('payload.json'),
    ]),
  ];
  expect(secrets.length).toBeGreaterThan(20);
  const temporal = await everythingInTemporal(hawser.temporalAddress, hawser.namespace, hawser.dataDir);
  expect(temporal.payloads).toBeGreaterThan(100);
  expect(secretsIn(temporal.raw, secrets)).toEqual([]);
  expect(secretsIn(temporal.decoded, secrets)).toEqual([]);
  // Not even sealed: no JWE of the vault travels through Temporal.
  expect(temporal.decoded).not.toMatch(/"ciphertext"/);
  expect(temporal.decoded).toContain('connectionId');
  expect(secretsIn(hawser.logs(), secrets)).toEqual([]);
  expect(secretsIn(await everythingInMongo(hawser.mongoUri), secrets)).toEqual([]);
}, 240_000);
