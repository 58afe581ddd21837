import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from './data-file.js';

export interface LogEntry {
  seq: number;
  at: string;
  app: string;
  org: string;
  host: string;
  method: string;
  path: string;
  query: Record<string, unknown>;
  body: unknown;
  /** 0: the socket was closed instead of an answer. */
  status: number;
  username: string | null;
  clientId: string | null;
  grantType: string | null;
  faultId: string | null;
  userAgent: string | null;
  didWork: boolean;
  /** What a write did, e.g. `Account.create`; null for everything else. */
  accepted: string | null;
  tokenCall: boolean;
  revoked: boolean;
}

export interface LogFilter {
  app?: string;
  org?: string;
  path?: string;
  since?: number;
}

const limit = 20_000;

/** The requests in the order in which their work ended; on disk as JSON lines, the last 20 000 of them. */
export class RequestLog {
  private entries: LogEntry[] = [];
  private seq = 0;
  private readonly path: string;

  constructor(folder: string) {
    this.path = join(folder, 'log.jsonl');
    if (!existsSync(this.path)) return;
    const lines = readFileSync(this.path, 'utf8').split('\n');
    const whole = lines.slice(-limit - 1).filter((line) => line.startsWith('{') && line.endsWith('}'));
    const read = whole.map((line) => JSON.parse(line) as LogEntry);
    this.seq = read.at(-1)?.seq ?? 0;
    this.entries = read.filter((entry) => entry.app !== '');
    if (lines.length > limit) this.rewrite();
  }

  add(entry: Omit<LogEntry, 'seq'>): LogEntry {
    this.seq += 1;
    const whole = { seq: this.seq, ...entry };
    this.entries.push(whole);
    appendFileSync(this.path, `${JSON.stringify(whole)}\n`, { mode: 0o600 });
    if (this.entries.length > 2 * limit) {
      this.entries = this.entries.slice(-limit);
      this.rewrite();
    }
    return whole;
  }

  find(filter: LogFilter): LogEntry[] {
    return this.entries.filter(
      (entry) =>
        (filter.app === undefined || entry.app === filter.app) &&
        (filter.org === undefined || entry.org === filter.org) &&
        (filter.path === undefined || entry.path.startsWith(filter.path)) &&
        (filter.since === undefined || entry.seq > filter.since),
    );
  }

  clear(): void {
    this.entries = [];
    this.rewrite();
  }

  private rewrite(): void {
    // One line stays so that the numbering goes on after a restart.
    const marker = this.entries.length > 0 ? '' : `${JSON.stringify({ ...emptyEntry, seq: this.seq })}\n`;
    writeAtomically(this.path, marker + this.entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  }
}

const emptyEntry = { at: '', app: '', org: '', host: '', method: '', path: '', query: {}, status: 0 };
