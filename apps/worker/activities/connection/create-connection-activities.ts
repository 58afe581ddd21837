/** The connection's activities, as the worker registers them. */
import { heartbeat } from '@temporalio/activity';
import type { ConnectionActivities } from '#workflows/connection/activities.js';
import { announceActivity } from './announce.js';
import { checkAttemptActivity } from './check-attempt.js';
import type { ConnectionActivityDeps } from './deps.js';
import { exchangeActivity } from './exchange.js';
import { reconcileActivity } from './reconcile.js';
import { refreshActivity } from './refresh.js';
import { retireActivity } from './retire.js';
import { verifyActivity } from './verify.js';

/** A dead worker is noticed within the heartbeat time-out (5 s), so a living one beats each second. */
const HEARTBEAT_MS = 1_000;

async function beating<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => heartbeat(), HEARTBEAT_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

export function createConnectionActivities(deps: ConnectionActivityDeps): ConnectionActivities {
  return {
    exchange: (input) => beating(exchangeActivity(deps, input)),
    checkAttempt: (input) => beating(checkAttemptActivity(deps, input)),
    refresh: (input) => beating(refreshActivity(deps, input)),
    verify: (input) => beating(verifyActivity(deps, input)),
    retire: (input) => beating(retireActivity(deps, input)),
    announce: (input) => beating(announceActivity(deps, input)),
    reconcile: (input) => beating(reconcileActivity(deps, input)),
  };
}
