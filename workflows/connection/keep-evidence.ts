/** Evidence is never replaced by less: the words of the app's first refusal say more than a later "not accepted". Pure. */
import type { Evidence } from '#domain/errors.js';
import type { Reason } from './state.js';

/** The reason with the better evidence of the two, where both say the same. */
export function keepEvidence(before: Reason | null, next: Reason | null): Reason | null {
  if (before === null || next === null || before.code !== next.code) return next;
  const evidence = richerEvidence(before.evidence, next.evidence);
  return evidence === undefined || evidence === next.evidence ? next : { ...next, evidence };
}

/** The later one, unless it has fewer of the app's own words. */
export function richerEvidence(before: Evidence | undefined, next: Evidence | undefined): Evidence | undefined {
  if (before === undefined || next === undefined) return next ?? before;
  return words(next) < words(before) ? before : next;
}

/** The description outweighs the word, the word the status. */
const words = ({ status, appCode, appMessage }: Evidence): number =>
  (appMessage ? 4 : 0) + (appCode ? 2 : 0) + (status === undefined ? 0 : 1);
