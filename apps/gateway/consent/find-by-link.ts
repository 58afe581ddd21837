import type { AttemptStore } from '#store/attempt-store.js';
import type { AttemptDocument } from '#store/documents.js';
import { attemptIdOf, matchesHash } from './link-token.js';

export type LinkLookup =
  /** `leftMs`: how long it may still take. */
  | { kind: 'found'; attempt: AttemptDocument; leftMs: number }
  | { kind: 'unknown' }
  | { kind: 'over'; attempt: AttemptDocument };

/** The attempt behind a connect link. `over`: used up, ended or late. Reads only: mail scanners open links. */
export async function findByLink(attempts: AttemptStore, link: string): Promise<LinkLookup> {
  const attemptId = attemptIdOf(link);
  const attempt = attemptId === null ? null : await attempts.getForBrowser(attemptId);
  if (!attempt || !matchesHash(link, attempt.linkHash)) return { kind: 'unknown' };
  const usable = attempt.status === 'open' || attempt.status === 'opened';
  const leftMs = attempt.expiresAt - (await attempts.now());
  return usable && leftMs > 0 ? { kind: 'found', attempt, leftMs } : { kind: 'over', attempt };
}
