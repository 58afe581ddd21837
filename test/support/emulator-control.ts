/** The emulators' control API (`/_emulator`): what a tester at the app's side does. */
import { request } from 'undici';

export interface LogEntry {
  seq: number;
  at: number;
  app: string;
  org: string;
  method: string;
  path: string;
  status: number;
  username?: string;
  grantType?: string;
  didWork?: boolean;
  host?: string;
  /** Without its secrets. */
  body?: any;
  /** What a write did, such as `organizations.create_or_update`. */
  accepted?: string | null;
}

export interface OrgCounts {
  tokenCalls: number;
  byGrantType: Record<string, number>;
  refreshesSucceeded: number;
  revokes: number;
  accepted: Record<string, number>;
  statuses: Record<string, number>;
}

export type Fault = {
  app?: string;
  org?: string;
  method?: string;
  path: string;
  grantType?: string;
  kind: 'status' | 'delay' | 'close_before' | 'close_after' | 'delay_after';
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  delayMs?: number;
  times?: number;
};

/** The renewals of an app, for a fault that meets these alone. */
export const RENEWALS = {
  salesforce: { app: 'salesforce', path: '/services/oauth2/token', grantType: 'refresh_token' },
  zendesk: { app: 'zendesk', path: '/oauth/tokens', grantType: 'refresh_token' },
} as const;

export class EmulatorControl {
  constructor(private readonly url: string) {}

  async call<T = any>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await request(`${this.url}/_emulator${path}`, {
      method: method as 'GET',
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.body.text();
    if (response.statusCode > 299) throw new Error(`${method} /_emulator${path} -> ${response.statusCode}: ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** `org` is `salesforce/production`, `zendesk/acme`, … */
  createRecord = (org: string, object: string, fields: object): Promise<any> =>
    this.call('POST', `/${org}/records/${object}`, fields);
  /** Many records with one stamp, as a bulk load makes them; a field may be longer than the app would take. */
  plantRecords = (org: string, object: string, records: object[]): Promise<{ planted: number }> =>
    this.call('POST', `/${org}/records/${object}/bulk`, { records });
  changeRecord = (org: string, object: string, id: string, fields: object): Promise<any> =>
    this.call('PATCH', `/${org}/records/${object}/${id}`, fields);
  records = async (org: string, object: string): Promise<any[]> => {
    const answer = await this.call<any>('GET', `/${org}/records/${object}`);
    return Array.isArray(answer) ? answer : answer.records;
  };
  changePassword = (org: string, username: string, password: string): Promise<void> =>
    this.call('POST', `/${org}/users/${encodeURIComponent(username)}/password`, { password });
  revoke = (org: string, username?: string): Promise<void> =>
    this.call('POST', `/${org}/revoke`, username ? { username } : {});
  /** Another organization id at the same address; every grant is gone. */
  refreshSandbox = (org: string): Promise<void> => this.call('POST', `/${org}/refresh-sandbox`, {});
  expireAccessTokens = (org: string): Promise<void> => this.call('POST', `/${org}/expire-access-tokens`, {});
  policy = (org: string, policy: object): Promise<void> => this.call('PATCH', `/${org}/policy`, policy);
  rights = (org: string, rights: object): Promise<void> => this.call('POST', `/${org}/rights`, rights);
  scopes = (org: string, username: string, scopes: string[]): Promise<void> =>
    this.call('POST', `/${org}/scopes`, { username, scopes });
  fault = (fault: Fault): Promise<{ id: string }> => this.call('POST', '/faults', fault);
  clearFaults = (): Promise<void> => this.call('DELETE', '/faults');

  async log(filter: { app?: string; org?: string; path?: string; since?: number } = {}): Promise<LogEntry[]> {
    const query = new URLSearchParams(
      Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, String(value)])),
    );
    return (await this.call<{ entries: LogEntry[] }>('GET', `/log?${query.toString()}`)).entries;
  }

  async counts(org: string): Promise<OrgCounts> {
    const all = await this.call<any>('GET', '/counts');
    const found = all[org] ?? all.orgs?.[org] ?? (all.counts ?? {})[org];
    if (!found) throw new Error(`No counts of ${org}: ${JSON.stringify(all).slice(0, 300)}`);
    return found as OrgCounts;
  }

  /** Renewals that an org has been asked for. */
  refreshes = async (org: string): Promise<number> => (await this.counts(org)).byGrantType['refresh_token'] ?? 0;

  /** Writes that an org has accepted, of whatever kind. */
  writes = async (org: string): Promise<number> =>
    Object.values((await this.counts(org)).accepted).reduce((sum, count) => sum + count, 0);

  secrets = async (): Promise<string[]> => (await this.call<{ secrets: string[] }>('GET', '/secrets')).secrets;
}
