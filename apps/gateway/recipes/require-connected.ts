import { ProblemError } from '../problems/problem-error.js';
import type { BindingReport } from './binding-report.js';

/** Refuses with 409 `not_connected` that lists every used binding in the way, with what to do. */
export function requireConnected(what: string, reports: readonly BindingReport[], used: readonly string[]): void {
  const inTheWay = reports.filter(({ binding, connected }) => !connected && used.includes(binding));
  if (inTheWay.length === 0) return;
  const names = [...new Set(inTheWay.map(({ appName }) => appName))].join(' and ');
  throw new ProblemError('not_connected', `${what}: ${names} ${inTheWay.length === 1 ? 'is' : 'are'} not connected.`, {
    bindings: inTheWay,
    cure: inTheWay.map(({ text }) => text).join(' '),
  });
}
