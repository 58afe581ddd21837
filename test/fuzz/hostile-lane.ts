/** One hostile app and one worker that talks to it: real activities, real sockets, the vault in memory. */
import type { Connector } from '#connector-sdk/connector.js';
import { connectors } from '#connectors/registry.js';
import { parseOriginMap } from '#domain/origin-map.js';
import { createHttp } from '#http/create-http.js';
import type { Http } from '#http/http.js';
import { createLogger } from '#telemetry/logger.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import type { ConnectionActivityDeps } from '../../apps/worker/activities/connection/deps.js';
import { modelVault, ModelVaultData, type StoredCredential } from '../model/model-vault.js';
import { connected, HOUR } from '../support/connection-states.js';
import { HostileServer, type Script } from './hostile-server.js';
import { ANY_ADDRESS } from '../support/any-address.js';

/** Answers that never end are given up after this time instead of the product's 20 s and more: there are many of them. */
const IMPATIENT_MS = 300;
export const OLD: StoredCredential['secret'] = {
  accessToken: 'OLD-ACCESS-0123456789',
  refreshToken: 'OLD-REFRESH-0123456789',
};
export const APPS = ['salesforce', 'zendesk'] as const;
export type AppName = (typeof APPS)[number];

export const INSTANCE: Record<AppName, string> = {
  salesforce: 'https://hawser-dev.my.salesforce.com',
  zendesk: 'https://acme.zendesk.com',
};
export const SETTINGS: Record<AppName, Record<string, string>> = {
  salesforce: { environment: 'production' },
  zendesk: { subdomain: 'acme' },
};
export const SCOPES: Record<AppName, string[]> = {
  salesforce: ['api', 'refresh_token', 'id'],
  zendesk: ['read', 'write'],
};

export class HostileLane {
  vault = new ModelVaultData();
  private endless = false;

  private constructor(
    readonly server: HostileServer,
    readonly http: Http,
  ) {}

  static async start(): Promise<HostileLane> {
    const server = await HostileServer.start();
    const origins = ['https://login.salesforce.com', 'https://*.my.salesforce.com', 'https://*.zendesk.com'];
    const originMap = parseOriginMap(JSON.stringify(Object.fromEntries(origins.map((origin) => [origin, server.url]))));
    const http = createHttp({ originMap, privateAddresses: ANY_ADDRESS });
    const lane: HostileLane = new HostileLane(server, {
      ...http,
      send: (request) => http.send(lane.endless ? { ...request, timeoutMs: IMPATIENT_MS } : request),
    });
    return lane;
  }

  /** From now on the app answers so. */
  answers(script: Script, { endless } = { endless: false }): void {
    this.server.script = script;
    this.endless = endless;
  }

  async stop(): Promise<void> {
    await this.http.close();
    await this.server.stop();
  }

  connector(app: AppName): Connector {
    return connectors[app]!;
  }

  /** A connected connection whose credential (version 1) lies in the vault and lives for an hour. */
  connection(app: AppName): ConnectionState {
    const at = Date.now();
    const grantId = 'att_1';
    const facts = {
      obtainedAt: at,
      accessExpiresAt: at + HOUR,
      refreshExpiresAt: null,
      scopes: SCOPES[app],
      instanceUrl: INSTANCE[app],
    };
    const state = connected(
      {},
      { at, facts, grant: { instance: { id: 'i-1', url: INSTANCE[app], label: 'One' }, scopes: SCOPES[app] } },
    );
    this.vault = new ModelVaultData();
    this.vault.versions.set(1, { facts: { ...state.credential!, grantId }, secret: OLD });
    return { ...state, app, settings: SETTINGS[app], policy: this.connector(app).manifest.policy };
  }

  deps(extra: { store?: object; opener?: object } = {}): ConnectionActivityDeps {
    const appClient = { _id: 'cli_test', clientId: 'client', sealedSecret: 'sealed' };
    return {
      vault: modelVault(this.vault, async () => 'go'),
      http: this.http,
      connectors,
      store: {
        appClients: { get: async () => appClient },
        connections: { project: async () => undefined },
        ...extra.store,
      },
      opener: { open: async () => 'client-secret-0123456789', ...extra.opener },
      client: { workflow: { getHandle: () => ({ signal: async () => undefined }), list: async function* () {} } },
      events: new Proxy({}, { get: () => () => undefined }),
      eventLog: { tell: async () => true },
      logger: createLogger({ service: 'fuzz', level: 'silent' }),
    } as unknown as ConnectionActivityDeps;
  }
}

/** Runs the cases on several lanes side by side; each lane does one after the other. Ends with the first failure, when no lane works any more. */
export async function onLanes<Case>(
  lanes: HostileLane[],
  cases: Case[],
  run: (lane: HostileLane, one: Case, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const ended = await Promise.allSettled(
    lanes.map(async (lane) => {
      try {
        for (let index = next++; index < cases.length; index = next++) await run(lane, cases[index]!, index);
      } catch (error) {
        next = cases.length;
        throw error;
      }
    }),
  );
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
