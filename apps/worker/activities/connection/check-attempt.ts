/** Reads the attempt's document before it is given up: its answer may have come while the signal was lost. */
import type { ConnectionState } from '#workflows/connection/state.js';
import type { ConnectionActivityDeps } from './deps.js';
import { projectAfter } from './project.js';
import { temporalNow } from '../../temporal-time.js';

export async function checkAttemptActivity(
  deps: ConnectionActivityDeps,
  { state, attemptId }: { state: ConnectionState; attemptId: string },
): Promise<{ at: number; answered: boolean }> {
  const at = temporalNow();
  const answered = await answeredOrClosed(deps, state, attemptId, at);
  await projectAfter(deps, state, { type: 'attemptChecked', at, attemptId, answered });
  return { at, answered };
}

/** Closes by compare-and-set: a callback that comes this very moment either wins and is seen here, or is refused. */
async function answeredOrClosed(
  deps: ConnectionActivityDeps,
  state: ConnectionState,
  attemptId: string,
  at: number,
): Promise<boolean> {
  for (;;) {
    const attempt = await deps.store.attempts.get(state.workspaceId, attemptId);
    if (!attempt || attempt.status === 'closed') return false;
    if (attempt.status === 'answered') return true;
    const end = JSON.stringify({ attemptId, outcome: 'failed', code: 'attempt_expired', at });
    if (
      await deps.store.attempts.compareAndSet(attempt, {
        status: 'closed',
        end,
        sealedVerifier: null,
        sealedCode: null,
      })
    )
      return false;
  }
}
