/**
 * The documents of the store, one type per noun. `_id` is a meaningful string; hot reads and writes go by `_id` alone
 * (reference: 18 rules for the store). Sealed fields are flattened JWE as JSON text: opened in a worker only.
 * Every times in epoch milliseconds.
 */
import type { Frozen } from '#domain/frozen.js';
import type { RecipeBindings, RecipeDefinition } from '#domain/recipe.js';
import type { CredentialFacts } from '#domain/grant.js';
import type { Sealed } from '#domain/sealed.js';

export type { Sealed };

export interface WorkspaceDocument {
  _id: string;
  name: string;
  createdAt: number;
}

export interface ApiKeyDocument {
  /** SHA-256 of the key, hex: the look-up is by `_id` alone. */
  _id: string;
  workspaceId: string;
  /** First characters, for people. */
  prefix: string;
  createdAt: number;
}

export interface AppClientDocument {
  _id: string;
  workspaceId: string;
  app: string;
  name: string;
  clientId: string;
  /** Sealed client secret; null for a public client. Never returned. */
  sealedSecret: Sealed | null;
  createdAt: number;
}

/** The projection of a connection's actor, and what screens list. */
export interface ConnectionDocument {
  _id: string;
  workspaceId: string;
  app: string;
  name: string;
  createdAt: number;
  /** Revision and generation of `state`; 0 = the actor has not written yet. */
  revision: number;
  generation: number;
  /** The actor's whole state (workflows/connection/state.ts), as JSON text: a foreign JSON is kept as one string. */
  state: string;
  /** True once deleted: a tombstone. */
  deleted: boolean;
}

export interface AttemptDocument {
  _id: string;
  workspaceId: string;
  connectionId: string;
  app: string;
  /** Hex SHA-256 of the one-time link token. */
  linkHash: string;
  createdAt: number;
  expiresAt: number;
  /** `open` -> `opened` (button pressed) -> `answered` -> `closed`. */
  status: 'open' | 'opened' | 'answered' | 'closed';
  /** Counts conditional updates: compare-and-set by `_id` and this. */
  revision: number;
  scopes: string[];
  redirectUri: string;
  appClientId: string;
  /** What the attempt was begun with; absent in attempts of older builds. */
  frozen?: Frozen;
  /** Bound at the button: hex SHA-256 of the browser's cookie and of `state`. */
  cookieHash: string | null;
  stateHash: string | null;
  sealedVerifier: Sealed | null;
  /** The callback's answer: sealed code, or the app's error. */
  sealedCode: Sealed | null;
  answerError: string | null;
  /** What the app said beside its error, redacted; absent when it said nothing, or in attempts of older builds. */
  answerDescription?: string | null;
  answeredAt: number | null;
  /** How it ended (AttemptEnd of the actor), as JSON text. */
  end: string | null;
}

/** One credential version: `_id` = `<connection>/<version>`. Inserted once, never overwritten. */
export interface CredentialDocument {
  _id: string;
  workspaceId: string;
  connectionId: string;
  version: number;
  facts: CredentialFacts;
  /** JWE over `{ accessToken, refreshToken }`. */
  sealed: Sealed;
  createdAt: number;
}

/** Written before a token request goes out: `_id` = `<connection>/<version>/<try>`. */
export interface IntentDocument {
  _id: string;
  workspaceId: string;
  connectionId: string;
  version: number;
  /** Version whose refresh token is spent; 0 for the exchange of a code. */
  fromVersion: number;
  sendBefore: number;
  createdAt: number;
  /**
   * `open` = sent or not, and its answer may still come; `lost` = over without an answer, the app may have done the work; `not_sent`,
   * `refused` (an answer came and it was no token), `stored`.
   */
  outcome: 'open' | 'lost' | 'not_sent' | 'refused' | 'stored';
}

export interface RecipeDocument {
  _id: string;
  workspaceId: string;
  name: string;
  version: number;
  definition: RecipeDefinition;
  bindings: RecipeBindings;
  createdAt: number;
  updatedAt: number;
  /** Revision of `state`. */
  revision: number;
  /** The recipe workflow's state as JSON text (projection). */
  state: string | null;
  deleted: boolean;
}

/** One version of a recipe: `_id` = `<recipe>/<version>`; append-only. */
export interface RecipeVersionDocument {
  _id: string;
  workspaceId: string;
  recipeId: string;
  version: number;
  definition: RecipeDefinition;
  createdAt: number;
}

/** `_id` = `<workspace>/<key>`. Inserted before the work, completed after it. */
export interface IdempotencyDocument {
  _id: string;
  workspaceId: string;
  /** Hex SHA-256 of method, path and body. */
  requestHash: string;
  /** The id that the creation gives: minted before the work, so that a repeat finishes the same thing. */
  resourceId: string;
  status: number | null;
  /** The answer as JSON text; null while under way. */
  body: string | null;
  createdAt: number;
}

/** A gateway or worker that runs, as it tells of itself every few seconds. Times are the database's: no two clocks are compared. */
export interface ProcessDocument {
  /** `<kind>/<random>`: anew at each start. */
  _id: string;
  kind: 'gateway' | 'worker';
  /** `<kind> <pid>@<host>`, for people. */
  name: string;
  startedAt: number;
  seenAt: number;
  /** Key ids, never keys; the first one is what it encrypts or seals with. */
  payloadKeys: string[];
  sealingKeys: string[];
  /** Private vault keys; null = it opens nothing (a gateway). */
  openingKeys: string[] | null;
  /** Store formats that it reads; it refuses to write a newer one. */
  storeFormat: number;
}

/** What became of a key: `_id` is its id. Keys that were never retired have none. */
export interface KeyRecordDocument {
  _id: string;
  ring: 'vault' | 'payload';
  /** When another one took its place, by the database's clock; 0 = it was never used; null = it is in use. */
  retiredAt: number | null;
  /** Taken out of the keyring: what it would seal from then on nobody could open. */
  dropped: boolean;
}
