import type { AttemptStore } from '#store/attempt-store.js';
import type { AttemptDocument } from '#store/documents.js';
import { attemptIdOf, matchesHash } from './link-token.js';

export type LinkLookup =
  { kind: 'found'; attempt: AttemptDocument } | { kind: 'unknown' } | { kind: 'over'; attempt: AttemptDocument };

/** The attempt behind a connect link. `over`: used up, ended or late. Reads only: mail scanners open links. */
export async function findByLink(attempts: AttemptStore, link: string, now: number): Promise<LinkLookup> {
  const attemptId = attemptIdOf(link);
  const attempt = attemptId === null ? null : await attempts.getForBrowser(attemptId);
  if (!attempt || !matchesHash(link, attempt.linkHash)) return { kind: 'unknown' };
  const usable = attempt.status === 'open' || attempt.status === 'opened';
  return usable && attempt.expiresAt > now ? { kind: 'found', attempt } : { kind: 'over', attempt };
}
