import { randomHex } from './random-text.js';

export const faultKinds = ['status', 'delay', 'close_before', 'close_after', 'delay_after'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  id: string;
  app: string;
  org?: string;
  method?: string;
  /** Prefix of the path as asked, or a regular expression between slashes. */
  path: string;
  grantType?: string;
  kind: FaultKind;
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  delayMs?: number;
  /** How many requests it still meets; -1 = until removed. */
  times: number;
  met: number;
}

export interface FaultTarget {
  app: string;
  org: string;
  method: string;
  path: string;
  grantType: string | null;
}

/** The planned troubles, in memory only: a restarted emulator is healthy. */
export class FaultList {
  private faults: Fault[] = [];

  add(fault: Omit<Fault, 'id' | 'met'>): Fault {
    const whole = { ...fault, id: randomHex(8), met: 0 };
    this.faults.push(whole);
    return whole;
  }

  all(): Fault[] {
    return this.faults;
  }

  remove(id?: string): boolean {
    const before = this.faults.length;
    this.faults = id === undefined ? [] : this.faults.filter((fault) => fault.id !== id);
    return this.faults.length < before;
  }

  /** Takes the first fault that meets the request and counts it down. */
  take(target: FaultTarget): Fault | undefined {
    const fault = this.faults.find((one) => one.times !== 0 && meets(one, target));
    if (!fault) return undefined;
    fault.met += 1;
    if (fault.times > 0) fault.times -= 1;
    return fault;
  }
}

function meets(fault: Fault, target: FaultTarget): boolean {
  return (
    fault.app === target.app &&
    (fault.org === undefined || fault.org === target.org) &&
    (fault.method === undefined || fault.method.toUpperCase() === target.method) &&
    (fault.grantType === undefined || fault.grantType === target.grantType) &&
    meetsPath(fault.path, target.path)
  );
}

export function meetsPath(pattern: string, path: string): boolean {
  const regular = regularOf(pattern);
  return regular ? regular.test(path) : path.startsWith(pattern);
}

/** `/…/` is a regular expression, unless it is several plain segments (`/services/oauth2/`), which can only mean a prefix. */
function regularOf(pattern: string): RegExp | undefined {
  const [, source, flags] = /^\/(.+)\/(i?)$/.exec(pattern) ?? [];
  if (source === undefined || (source.includes('/') && !/[\^$*+?()[\]{}|\\]/.test(source))) return undefined;
  return new RegExp(source, flags);
}

/** What is wrong with a fault that was asked for; undefined when nothing is. */
export function faultProblem(body: Record<string, unknown>): string | undefined {
  if (body.app !== 'salesforce' && body.app !== 'zendesk') return 'app must be salesforce or zendesk';
  if (typeof body.path !== 'string' || !body.path.startsWith('/')) return 'path must start with /';
  try {
    regularOf(body.path);
  } catch {
    return 'path is not a valid regular expression';
  }
  if (!faultKinds.includes(body.kind as FaultKind)) return `kind must be one of ${faultKinds.join(', ')}`;
  if (body.kind === 'status' && typeof body.status !== 'number') return 'kind status needs a status';
  if ((body.kind === 'delay' || body.kind === 'delay_after') && typeof body.delayMs !== 'number')
    return `kind ${body.kind} needs delayMs`;
  if (body.times !== undefined && typeof body.times !== 'number') return 'times must be a number';
  return undefined;
}
