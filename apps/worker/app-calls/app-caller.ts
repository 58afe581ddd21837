/**
 * Calls apps for jobs, polls and screens: lease -> open -> send -> on a "refresh me" answer one renewal and one resend
 * (docs/jobs.md). One session per activity.
 */
import type { AppContext, Connector } from '#connector-sdk/connector.js';
import type { ConnectorManifest } from '#connector-sdk/manifest.js';
import { HawserError } from '#domain/errors.js';
import type { LeaseYes } from '#domain/lease.js';
import type { Http } from '#http/http.js';
import { AppSession, type AppSessionParts } from './app-session.js';
import type { EnsureFresh } from './ensure-fresh.js';
import type { LeaseKeeper } from './lease-keeper.js';
import type { ConnectionRef } from '#domain/connection-ref.js';
import type { ActorPort } from './ports.js';
import { usableLease } from './usable-lease.js';
import type { UsedSignals } from './used-signals.js';
import { temporalNow } from '../temporal-time.js';

export interface AppCallerParts {
  actor: Pick<ActorPort, 'lease' | 'status' | 'verify'>;
  leases: LeaseKeeper;
  freshness: EnsureFresh;
  used: UsedSignals;
  http: Http;
  findConnector: (app: string) => Connector | null;
  now?: () => number;
  /** R: no request outlives this. */
  requestMs?: number;
  /** All requests of one session together: less than the activity's start-to-close time-out. */
  sessionMs?: number;
}

/** What an activity works with. */
export interface OpenSession {
  connector: Connector;
  context: AppContext;
  /** Org, account or site that the connection leads to. */
  instanceId?: string;
  /** Credential version that served the last request. */
  version(): number;
  /** Since when the connection leads to this instance; null = always. */
  instanceSince: number | null;
  /** A write was answered well, or its outcome is unknown. */
  mayHaveHappened(): boolean;
}

export type OpenOptions = Pick<AppSessionParts, 'signal' | 'beforeWrite'>;

export class AppCaller {
  private readonly now: () => number;

  constructor(private readonly parts: AppCallerParts) {
    this.now = parts.now ?? temporalNow;
  }

  /** Leases the connection and makes a context over it. Throws HawserError as `usableLease` does. */
  async open(ref: ConnectionRef, options: OpenOptions = {}): Promise<OpenSession> {
    const { lease } = await usableLease({ ...this.parts, now: this.now }, ref);
    const connector = this.connectorOf(lease.app);
    this.parts.used.note(ref);
    const session = new AppSession(
      {
        requestMs: 60_000,
        sessionMs: 80_000,
        ...this.parts,
        now: this.now,
        connector,
        ref,
        ...options,
      },
      lease,
    );
    return {
      connector,
      context: session.context,
      instanceId: lease.instanceId,
      instanceSince: lease.instanceSince ?? null,
      version: () => session.version,
      mayHaveHappened: () => session.mayHaveHappened,
    };
  }

  /** The lease alone: throws when it says no; asks for no renewal. Counts as use. */
  async check(ref: ConnectionRef): Promise<LeaseYes> {
    const { lease } = await this.parts.leases.get(ref);
    if (lease.kind === 'no') throw new HawserError(lease.code);
    this.parts.used.note(ref);
    return lease;
  }

  /** What the connector of an app says of itself; null when there is none. */
  findManifest(app: string): ConnectorManifest | null {
    return this.parts.findConnector(app)?.manifest ?? null;
  }

  private connectorOf(app: string): Connector {
    const connector = this.parts.findConnector(app);
    if (!connector) throw new HawserError('step_unknown', `There is no connector for the app "${app}".`);
    return connector;
  }
}
