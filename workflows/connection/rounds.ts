/** How callers wait for the actor's work: not for a call of their own, but for the round that serves their wish. */
import { condition } from '@temporalio/workflow';
import type { ConnectionState } from './state.js';

interface Waited {
  /** The state as it is at each look. */
  readonly state: ConnectionState;
}

/** Waits for the renewal that is wished or under way; returns at once when there is none. */
export async function refreshRound(actor: Waited): Promise<void> {
  const { rounds } = actor.state.refresh;
  if (!isRenewing(actor.state)) return;
  await condition(() => actor.state.refresh.rounds > rounds || !isRenewing(actor.state));
}

/** Waits for the verification that is wished: the one under way began before the wish, so the next one counts. */
export async function verifyRound(actor: Waited): Promise<void> {
  const { rounds, underWay, wish } = actor.state.verify;
  if (!isVerifying(actor.state)) return;
  const awaited = rounds + (wish !== null && underWay !== null ? 2 : 1);
  await condition(
    () => actor.state.verify.rounds >= awaited || (!isVerifying(actor.state) && actor.state.refresh.wish === null),
  );
}

const isRenewing = ({ refresh }: ConnectionState): boolean => refresh.underWay !== 0 || refresh.wish !== null;

const isVerifying = ({ verify }: ConnectionState): boolean => verify.underWay !== null || verify.wish !== null;
