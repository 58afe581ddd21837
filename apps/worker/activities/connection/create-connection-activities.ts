/** The connection's activities, as the worker registers them. */
import { heartbeat } from '@temporalio/activity';
import type { ConnectionActivities } from '#workflows/connection/activities.js';
import { announceActivity } from './announce.js';
import { checkAttemptActivity } from './check-attempt.js';
import type { ConnectionActivityDeps } from './deps.js';
import { exchangeActivity } from './exchange.js';
import { HandOff } from './hand-off.js';
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

/** `drain` waits for renewals whose slow provider is waited for without a slot. */
export function createConnectionActivities(deps: ConnectionActivityDeps): {
  activities: ConnectionActivities;
  drain: HandOff['drain'];
} {
  const handOff = new HandOff(deps.client, deps.logger);
  const activities: ConnectionActivities = {
    exchange: (input) => beating(exchangeActivity(deps, input)),
    checkAttempt: (input) => beating(checkAttemptActivity(deps, input)),
    refresh: (input) => beating(refreshActivity(deps, input, handOff)),
    verify: (input) => beating(verifyActivity(deps, input)),
    retire: (input) => beating(retireActivity(deps, input)),
    announce: (input) => beating(announceActivity(deps, input)),
    reconcile: (input) => beating(reconcileActivity(deps, input)),
  };
  return { activities, drain: (withinMs) => handOff.drain(withinMs) };
}
