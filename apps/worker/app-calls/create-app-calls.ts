/** Puts the calls to apps together: one cache of leases and one of everything else for the whole process. */
import type { Client } from '@temporalio/client';
import type { Connector } from '#connector-sdk/connector.js';
import { findConnector } from '#connectors/registry.js';
import type { Http } from '#http/http.js';
import type { ConnectionStore } from '#store/connection-store.js';
import type { Metrics } from '#telemetry/metrics.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import type { CredentialVault } from '../vault/credential-vault.js';
import { AppCaller } from './app-caller.js';
import { EnsureFresh } from './ensure-fresh.js';
import { LeaseKeeper } from './lease-keeper.js';
import type { ActorPort } from './ports.js';
import { temporalActor } from './temporal-actor.js';
import { UsedSignals } from './used-signals.js';

export interface AppCallsDeps {
  client: Client;
  store: { connections: Pick<ConnectionStore, 'get'> };
  vault: Pick<CredentialVault, 'open'>;
  http: Http;
  connectors: Readonly<Record<string, Connector>>;
  config: { leaseMs: number; requestMs: number };
  metrics?: Pick<Metrics, 'leaseQuestions'>;
}

export interface AppCalls {
  actor: ActorPort;
  leases: LeaseKeeper;
  caller: AppCaller;
  /** Forgets leases and opened credentials. */
  close(): void;
}

export function createAppCalls({ client, store, vault, http, connectors, config, metrics }: AppCallsDeps): AppCalls {
  const actor = temporalActor(client, async (ref) => {
    const document = await store.connections.get(ref.workspaceId, ref.connectionId);
    return document?.deleted ? { app: document.app, deletedAt: sinceOf(document.state) } : null;
  });
  const leases = new LeaseKeeper({
    actor: {
      lease: async (ref) => {
        const answered = metrics?.leaseQuestions.startTimer();
        return actor.lease(ref).finally(answered);
      },
    },
    leaseMs: config.leaseMs,
    // The refresh token is kept as a mask only: nobody here can send it.
    openAccessToken: async (ref, version) => {
      const opened = await vault.open(ref, version);
      if (!opened) return null;
      const { accessToken, refreshToken } = opened.secret;
      return { accessToken, mask: SecretMask.of(accessToken, refreshToken) };
    },
  });
  const caller = new AppCaller({
    actor,
    leases,
    freshness: new EnsureFresh(actor, leases),
    used: new UsedSignals(actor),
    http,
    requestMs: config.requestMs,
    findConnector: (app) => findConnector(app, connectors),
  });
  return { actor, leases, caller, close: () => leases.close() };
}

function sinceOf(state: string): number {
  const { since } = JSON.parse(state) as { since?: number };
  return since ?? 0;
}
