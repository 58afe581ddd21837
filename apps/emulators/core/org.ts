import type { Collection } from './collection.js';
import { DataFile } from './data-file.js';
import { defaultPolicy, type Policy } from './policy.js';
import type { SecretList } from './secret-list.js';
import type { AccessToken, App, AuthorizationCode, Grant, RefreshToken, Session, User } from './types.js';

export type Row = Record<string, unknown>;

/** How the tokens of an app look. */
export interface TokenShapes {
  access(): string;
  refresh(): string;
  code(): string;
}

/** One Salesforce org or Zendesk account: its people, its grants and its records, each row on disk. */
export class Org {
  readonly key: string;
  readonly data: DataFile;
  readonly users: Collection<User>;
  readonly grants: Collection<Grant>;
  readonly accessTokens: Collection<AccessToken>;
  readonly refreshTokens: Collection<RefreshToken>;
  readonly codes: Collection<AuthorizationCode>;
  readonly sessions: Collection<Session>;
  private readonly settings: Collection<unknown>;
  tokenShapes: TokenShapes = { access: unset, refresh: unset, code: unset };

  constructor(
    readonly app: App,
    readonly name: string,
    folder: string,
    readonly secrets: SecretList,
  ) {
    this.key = `${app}/${name}`;
    this.data = new DataFile(folder, `${app}-${name}`);
    this.users = this.data.collection('users');
    this.grants = this.data.collection('grants');
    this.accessTokens = this.data.collection('accessTokens');
    this.refreshTokens = this.data.collection('refreshTokens');
    this.codes = this.data.collection('codes');
    this.sessions = this.data.collection('sessions');
    this.settings = this.data.collection('settings');
  }

  get policy(): Policy {
    return { ...defaultPolicy(this.app), ...(this.settings.get('policy') as Partial<Policy> | undefined) };
  }

  set policy(policy: Policy) {
    this.settings.set('policy', policy);
  }

  /** The org's own clock, in ms. */
  now(): number {
    return Date.now() + this.policy.clockSkewSeconds * 1_000;
  }

  setting<T>(name: string, otherwise: T): T {
    return (this.settings.get(name) as T | undefined) ?? otherwise;
  }

  saveSetting(name: string, value: unknown): void {
    this.settings.set(name, value);
  }

  /** 1, 2, 3 … per name, never twice, also after a restart. */
  nextNumber(name: string): number {
    const next = this.setting<number>(`sequence.${name}`, 0) + 1;
    this.settings.set(`sequence.${name}`, next);
    return next;
  }

  records(object: string): Collection<Row> {
    return this.data.collection<Row>(`records.${object}`);
  }

  putUser(user: User): User {
    this.secrets.add(user.password);
    return this.users.set(user.username, user);
  }

  get seeded(): boolean {
    return this.users.size > 0;
  }

  /** Empties everything but the sequences, so that ids never come twice. */
  empty(objects: string[]): void {
    for (const part of [this.users, this.grants, this.accessTokens, this.refreshTokens, this.codes, this.sessions])
      part.clear();
    for (const object of objects) this.records(object).clear();
    for (const key of [...this.settings.rows.keys()]) if (!key.startsWith('sequence.')) this.settings.delete(key);
  }
}

function unset(): never {
  throw new Error('token shapes are set when the org is seeded');
}
