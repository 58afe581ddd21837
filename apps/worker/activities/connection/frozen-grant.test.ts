/** Where codes, tokens and client secrets go after the settings of their connection were changed. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { connectors } from '#connectors/registry.js';
import type { Frozen } from '#domain/frozen.js';
import type { HttpRequest } from '#http/http.js';
import type { AttemptDocument, Sealed } from '#store/documents.js';
import type { ExchangeOutcome } from '#workflows/connection/activities.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { after, connected, exchanging, NOW } from '../../../../test/support/connection-states.js';
import { modelVault, ModelVaultData } from '../../../../test/model/model-vault.js';
import type { ConnectionActivityDeps } from './deps.js';
import { exchangeActivity } from './exchange.js';
import { retireActivity } from './retire.js';
import { verifyActivity } from './verify.js';

const FROZEN: Frozen = { settings: { subdomain: 'acme' }, appClientId: 'cli_acme' };
const CHANGED = { settings: { subdomain: 'evil' }, appClientId: 'cli_evil' };

/** An app that grants everything, and what it was asked. */
function place() {
  const sent: { url: string; body: string }[] = [];
  const data = new ModelVaultData();
  const attempt: Partial<AttemptDocument> = {
    _id: 'att_2',
    status: 'answered',
    answerError: null,
    appClientId: 'cli_acme',
    frozen: FROZEN,
    scopes: ['read'],
    redirectUri: 'https://hawser.example/oauth/callback',
    sealedCode: 'code' as unknown as Sealed,
    sealedVerifier: null,
  };
  const deps = {
    vault: modelVault(data, () => Promise.resolve('go')),
    http: {
      send: async ({ url, body = '', onFirstByte }: HttpRequest) => {
        onFirstByte?.();
        sent.push({ url, body });
        const user = { user: { id: 7, name: 'Ann', role: 'admin', active: true } };
        const tokens = { access_token: 'a2', refresh_token: 'r2', token_type: 'bearer', expires_in: 1_800 };
        return {
          status: 200,
          headers: { 'content-type': 'application/json' },
          text: JSON.stringify(url.includes('/oauth/tokens') && !url.includes('current') ? tokens : user),
          at: Date.now(),
        };
      },
    },
    connectors,
    store: {
      appClients: {
        get: async (_: string, id: string) => ({ _id: id, clientId: `client of ${id}`, sealedSecret: null }),
      },
      attempts: { get: async () => attempt },
      connections: { project: async () => undefined },
    },
    opener: { open: async (sealed: string) => sealed },
    client: { workflow: { list: async function* () {} } },
    events: new Proxy({}, { get: () => () => undefined }),
    eventLog: { tell: async () => true },
    logger: { warn: () => undefined, error: () => undefined },
  } as unknown as ConnectionActivityDeps;
  return { deps, data, sent, attempt };
}

/** Connected at acme; then somebody has changed subdomain and app client. */
function changed(data: ModelVaultData, frozen: Frozen | undefined): ConnectionState {
  const kept = frozen && { frozen };
  const born: ConnectionState = {
    ...connected({}, { facts: { ...kept, instanceUrl: 'https://acme.zendesk.com' }, grant: kept ?? {} }),
    app: 'zendesk',
    settings: FROZEN.settings,
    appClientId: FROZEN.appClientId,
  };
  data.versions.set(1, { facts: born.credential!, secret: { accessToken: 'a1', refreshToken: 'r1' } });
  return after(born, { type: 'reconfigured', at: NOW, ...CHANGED, freezes: true });
}

const hosts = (sent: { url: string }[]): string[] => [...new Set(sent.map(({ url }) => new URL(url).hostname))];

describe.each([
  ['its own', FROZEN],
  ['an older build', undefined],
])('g15: a grant of %s', (_, frozen) => {
  test('is revoked where it lives', async () => {
    const { deps, data, sent } = place();
    const state = after(changed(data, frozen), { type: 'disconnectAsked', at: NOW, by: 'person' });
    expect(await retireActivity(deps, { state, retired: state.retired[0]! })).toMatchObject({ kind: 'destroyed' });
    expect(hosts(sent)).toEqual(['acme.zendesk.com']);
  });

  test('is proven where it lives', async () => {
    const { deps, data, sent } = place();
    const state = changed(data, frozen);
    await verifyActivity(deps, { state, requirements: [] });
    expect(hosts(sent)).toEqual(['acme.zendesk.com']);
  });
});

test.each([
  ['this build', FROZEN],
  ['an older build', undefined],
])('g15: the code of an attempt of %s goes where its consent was given', async (_, frozen) => {
  const { deps, data, sent, attempt } = place();
  attempt.frozen = frozen;
  const state = exchanging(changed(data, FROZEN), 'att_2');
  const outcome = await new MockActivityEnvironment().run<[], ExchangeOutcome, () => Promise<ExchangeOutcome>>(() =>
    exchangeActivity(deps, { state, attemptId: 'att_2', version: state.attempt!.version }),
  );
  expect(hosts(sent)).toEqual(['acme.zendesk.com']);
  expect(sent[0]?.body).toContain('client of cli_acme');
  expect(outcome).toMatchObject({ kind: 'granted', facts: { frozen: FROZEN }, grant: { frozen: FROZEN } });
});
