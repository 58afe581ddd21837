/** What the calls to apps need of the world, as small ports: the Temporal client, the vault and the store stand behind them. */
import type { ConnectionRef } from '#domain/connection-ref.js';
import type { Lease } from '#domain/lease.js';
import type { SecretMask } from '#telemetry/secret-mask.js';
import type { ConnectionView, EnsureFreshInput, VerifyInput } from '#workflows/connection/messages.js';

/** The actor of a connection. All calls have a deadline and throw HawserError (`actor_lost`, `temporarily_unavailable`, a refusal's code). */
export interface ActorPort {
  lease(ref: ConnectionRef): Promise<Lease>;
  status(ref: ConnectionRef): Promise<ConnectionView>;
  ensureFresh(ref: ConnectionRef, input: EnsureFreshInput, updateId: string): Promise<Lease>;
  verify(ref: ConnectionRef, input: VerifyInput, updateId: string): Promise<ConnectionView>;
  used(ref: ConnectionRef, at: number): Promise<void>;
}

/** An opened credential, as far as requests to the app need it. */
export interface OpenedToken {
  accessToken: string;
  /** Every secret of the credential, the refresh token too: an app may quote any of them, and no answer may carry one further. */
  mask: SecretMask;
}

/** Opens one credential version; null when the vault does not hold that version. */
export type OpenAccessToken = (ref: ConnectionRef, version: number) => Promise<OpenedToken | null>;
