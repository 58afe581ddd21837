/** Opens the store: one connection of our own, never the global mongoose. */
import { createConnection, type Connection } from 'mongoose';
import { ApiKeyStore } from './api-key-store.js';
import { AppClientStore } from './app-client-store.js';
import { AttemptStore } from './attempt-store.js';
import { ConnectionStore } from './connection-store.js';
import { CredentialStore } from './credential-store.js';
import { EventStore } from './events/event-store.js';
import { IdempotencyStore } from './idempotency-store.js';
import { IntentStore } from './intent-store.js';
import { FormatStore } from './format-store.js';
import { KeyRecordStore } from './key-record-store.js';
import { ProcessStore } from './process-store.js';
import { RecipeStore } from './recipe-store.js';
import { WorkspaceStore } from './workspace-store.js';

export interface StoreOptions {
  /** MongoDB connection string. Without a database name in it, `hawser` is used. */
  uri: string;
  /** Wins over the name in the address. */
  dbName?: string;
  /** True when the database is the embedded one: a dead server is then noticed within 2 s. */
  embedded?: boolean;
  /** Tests only: lets `watchCommands` see what is sent. */
  monitorCommands?: boolean;
}

/** One store per noun, and the connection below them. */
export interface Store {
  workspaces: WorkspaceStore;
  apiKeys: ApiKeyStore;
  appClients: AppClientStore;
  connections: ConnectionStore;
  attempts: AttemptStore;
  credentials: CredentialStore;
  intents: IntentStore;
  recipes: RecipeStore;
  idempotency: IdempotencyStore;
  processes: ProcessStore;
  keyRecords: KeyRecordStore;
  format: FormatStore;
  events: EventStore;
  db: Connection;
  /** Whether the database answers; for readiness checks. Never throws. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

const SERVER_SELECTION_MS = 5_000;

/**
 * Connects and waits until the database answers.
 * @throws Error with one line that names the cause and the cure; it never contains a password.
 */
export async function connectStore({ uri, dbName, embedded, monitorCommands }: StoreOptions): Promise<Store> {
  let db: Connection;
  try {
    db = await createConnection(uri, {
      dbName: dbName ?? (hasDatabase(uri) ? undefined : 'hawser'),
      serverSelectionTimeoutMS: SERVER_SELECTION_MS,
      ...(embedded ? { heartbeatFrequencyMS: 2_000 } : {}),
      maxPoolSize: 20,
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      monitorCommands: monitorCommands ?? false,
    }).asPromise();
  } catch (error) {
    throw new Error(connectFailure(uri, error), { cause: error });
  }
  return {
    workspaces: new WorkspaceStore(db),
    apiKeys: new ApiKeyStore(db),
    appClients: new AppClientStore(db),
    connections: new ConnectionStore(db),
    attempts: new AttemptStore(db),
    credentials: new CredentialStore(db),
    intents: new IntentStore(db),
    recipes: new RecipeStore(db),
    idempotency: new IdempotencyStore(db),
    processes: new ProcessStore(db),
    keyRecords: new KeyRecordStore(db),
    format: new FormatStore(db),
    events: new EventStore(db),
    db,
    ping: () => ping(db),
    close: () => db.close(),
  };
}

async function ping(db: Connection): Promise<boolean> {
  try {
    await db.db?.admin().ping();
    return db.readyState === 1;
  } catch {
    return false;
  }
}

function hasDatabase(uri: string): boolean {
  return /^mongodb(\+srv)?:\/\/[^/]+\/[^?]+/.test(uri);
}

function connectFailure(uri: string, error: unknown): string {
  const { name, code } = (error ?? {}) as { name?: string; code?: unknown };
  const hosts = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri)?.[1];
  if (!hosts || name === 'MongoParseError' || name === 'MongoInvalidArgumentError') {
    return 'MONGODB_URI is not a MongoDB address. It looks like mongodb://host:27017/hawser.';
  }
  if (code === 18 || code === 8000) return `MongoDB at ${hosts} refuses the user or the password. Correct MONGODB_URI.`;
  return `MongoDB at ${hosts} does not answer. Start it, or correct MONGODB_URI.`;
}
