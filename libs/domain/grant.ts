import type { Frozen } from './frozen.js';

/** What an app gave with an authorization, without any secret. All times epoch milliseconds. */
export interface Grant {
  /** The attempt that brought it; all its credential versions carry it. */
  grantId: string;
  /** Who authorized, as the app names them. Ids are compared on reconnect; labels are for people only. */
  account: { id: string; label: string };
  instance: { id: string; url: string; label: string };
  scopes: string[];
  consentedAt: number;
  /** What it was asked for with; absent in grants of older builds. */
  frozen?: Frozen;
}

/** What is known of one credential version, without the secret itself. */
export interface CredentialFacts {
  version: number;
  grantId: string;
  /** When the app's answer was received. `accessExpiresAt` counts from here, never from when a workflow heard of it. */
  obtainedAt: number;
  accessExpiresAt: number | null;
  hasRefreshToken: boolean;
  /** When the refresh token dies of idleness, or of age; null = unknown. */
  refreshExpiresAt: number | null;
  scopes: string[];
  instanceUrl: string;
  /** Came from a refresh (true) or from a consent (false). */
  refreshed: boolean;
  /** What its grant was asked for with; absent in versions of older builds. */
  frozen?: Frozen;
}

/** One thing that a recipe step needs of a connection, as the connector names it: `organizations:write`. Plain text, no personal data. */
export interface MissingRequirement {
  requirement: string;
  /** A sentence that names object and right. */
  text: string;
}
