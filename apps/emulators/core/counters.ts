import type { Collection } from './collection.js';
import type { LogEntry } from './request-log.js';

export interface OrgCounts {
  requests: number;
  tokenCalls: number;
  byGrantType: Record<string, number>;
  refreshesSucceeded: number;
  revokes: number;
  accepted: Record<string, number>;
  statuses: Record<string, number>;
}

function empty(): OrgCounts {
  return { requests: 0, tokenCalls: 0, byGrantType: {}, refreshesSucceeded: 0, revokes: 0, accepted: {}, statuses: {} };
}

function bump(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** Sums per org over everything that was logged; kept when the log is emptied. */
export class Counters {
  constructor(private readonly rows: Collection<OrgCounts>) {}

  count(entry: LogEntry): void {
    const key = `${entry.app}/${entry.org}`;
    const counts = structuredClone(this.rows.get(key) ?? empty());
    counts.requests += 1;
    bump(counts.statuses, String(entry.status));
    if (entry.tokenCall) {
      counts.tokenCalls += 1;
      bump(counts.byGrantType, entry.grantType ?? 'none');
      // A refresh whose answer was lost on the way did succeed at the app: that is the point of counting it here.
      if (entry.grantType === 'refresh_token' && entry.accepted === 'token.refresh') counts.refreshesSucceeded += 1;
    }
    if (entry.revoked) counts.revokes += 1;
    if (entry.accepted && !entry.accepted.startsWith('token.')) bump(counts.accepted, entry.accepted);
    this.rows.set(key, counts);
  }

  all(): Record<string, OrgCounts> {
    return Object.fromEntries(this.rows.rows);
  }

  clear(orgKey?: string): void {
    if (orgKey) this.rows.delete(orgKey);
    else this.rows.clear();
  }

  of(orgKey: string): OrgCounts {
    return this.rows.get(orgKey) ?? empty();
  }
}
