import type { Store } from '#store/connect-store.js';
import type { AttemptDocument } from '#store/documents.js';
import { notFound } from '../problems/problem-error.js';

/** An attempt of that very connection; else 404. */
export async function findAttempt(
  store: Store,
  workspaceId: string,
  connectionId: string,
  attemptId: string,
): Promise<AttemptDocument> {
  const attempt = await store.attempts.get(workspaceId, attemptId);
  if (!attempt || attempt.connectionId !== connectionId) throw notFound('attempt', attemptId);
  return attempt;
}
