/** The vault as the worker sees it: credential versions and intents. The only way to an opened secret. */
import type { ConnectionRef } from '#domain/connection-ref.js';
import type { CredentialFacts } from '#domain/grant.js';
import type { IntentDocument } from '#store/documents.js';

/** The secret material of one credential version. Never leaves the worker's memory unsealed. */
export interface CredentialSecret {
  accessToken: string;
  refreshToken: string | null;
}

export interface Intent {
  version: number;
  tryNumber: number;
  /** Version whose refresh token is spent; 0 for the exchange of a code. */
  fromVersion: number;
  sendBefore: number;
  createdAt: number;
  outcome: IntentDocument['outcome'];
}

export interface CredentialVault {
  /** Facts of the newest stored version above `from`, at most `to`, of that grant; null = none. Reads by id only. */
  newest(ref: ConnectionRef, grantId: string, from: number, to: number): Promise<CredentialFacts | null>;
  /** Opens one version; null = the vault does not hold it. Throws HawserError `key_missing` or `vault_damaged`. */
  open(ref: ConnectionRef, version: number): Promise<{ facts: CredentialFacts; secret: CredentialSecret } | null>;
  /** Seals and inserts a version if that version is absent (promise 3); false = it was there and stays as it is. */
  insert(ref: ConnectionRef, facts: CredentialFacts, secret: CredentialSecret): Promise<boolean>;
  /** Destroys the documents of these versions and their intents. */
  destroy(ref: ConnectionRef, fromVersion: number, toVersion: number): Promise<void>;
  /** Every version that the vault holds of a connection, whoever stored it and when, by a list: for a connection that has ended. */
  versions(ref: ConnectionRef): Promise<number[]>;
  /** Deletes the intents of a version that holds no credential. */
  forgetIntents(ref: ConnectionRef, version: number): Promise<void>;
  /** Intents of a version, in order of their tries. */
  intents(ref: ConnectionRef, version: number): Promise<Intent[]>;
  /** Writes the next try of a version; returns its number. Only when it is written may the request go out. */
  writeIntent(ref: ConnectionRef, intent: Omit<Intent, 'outcome' | 'tryNumber'>): Promise<number>;
  settleIntent(
    ref: ConnectionRef,
    version: number,
    tryNumber: number,
    outcome: Exclude<IntentDocument['outcome'], 'open'>,
  ): Promise<void>;
}
