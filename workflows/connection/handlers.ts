/**
 * The messages that a connection takes: queries, signals and updates. Handlers only record wishes in the state, as events; the main
 * loop of connection-actor.ts does the work, and updates that wait do so in rounds.ts.
 */
import { ApplicationFailure, patched, setHandler } from '@temporalio/workflow';
import type { Sender, Lease } from '#domain/lease.js';
import { ROLLING } from '#domain/rolling.js';
import type { ConnectionEvent } from './events.js';
import { leaseOf } from './lease-of.js';
import * as messages from './messages.js';
import { faultOfUpdate, LONGEST_ATTEMPT_MS, type CheckedUpdate } from './fault-of-update.js';
import {
  LATE_ANSWER_AT_ONCE,
  LATE_ANSWER_STAYS,
  MESSAGES_ARE_CHECKED,
  REJECTED_IS_REPEATED,
  SETTINGS_ARE_FROZEN,
  YOUNG_IS_VERIFIED,
} from './patches.js';
import { readSignal, readSignalAsBefore, sameFields, type SignalFields } from './read-signal.js';
import { refreshRound, verifyRound } from './rounds.js';
import type { ConnectionState } from './state.js';
import { metadataOf, viewOf } from './view-of.js';
import { wishForFresh, wishToRefresh } from './wish-for-fresh.js';

/** What handlers see and do of the actor. */
export interface HandledActor {
  readonly state: ConnectionState;
  /** True while the actor waits for those who wait, to go on in a new run: further ones who would wait are refused, and repeat there. */
  readonly rolling: boolean;
  apply(event: ConnectionEvent): void;
  askToRoll(): void;
}

/** To be called before the first await of the workflow: what came in with its start would be lost otherwise. */
export function registerHandlers(actor: HandledActor): void {
  registerQueries(actor);
  registerSignals(actor);
  registerWaitingUpdates(actor);
  registerPlainUpdates(actor);
}

function registerQueries(actor: HandledActor): void {
  setHandler(messages.credentialsQuery, () => leaseOf(actor.state), {
    description: 'A lease: may the connection be used now? Never the secret.',
  });
  setHandler(messages.metadataQuery, () => metadataOf(actor.state), {
    description: 'Identity, instance, scopes, rights, health, forecast.',
  });
  setHandler(messages.statusQuery, () => viewOf(actor.state), { description: 'The whole visible state.' });
}

function registerSignals(actor: HandledActor): void {
  const authorize = (input: unknown): void => {
    const { attemptId, expiresAt: sent, by } = fieldsOf(input);
    const expiresAt = sent && withinADay(sent);
    if (attemptId && expiresAt) actor.apply({ type: 'authorizeAsked', at: Date.now(), attemptId, expiresAt, by });
    else actor.apply({ type: 'authorizeRequested', at: Date.now() });
  };
  const refresh = (input: unknown): void => {
    const { by, seenVersion } = fieldsOf(input);
    wishRefresh(actor, { by, ...(seenVersion !== undefined && { seenVersion }) });
  };
  const verify = (input: unknown): void => {
    const { by, requirements } = fieldsOf(input);
    actor.apply({ type: 'verifyWished', at: Date.now(), by, requirements });
  };
  setHandler(messages.authorizeSignal, authorize, {
    description: 'Asks for an authorization. Without input: shown to people as the next step.',
  });
  setHandler(messages.refreshSignal, refresh, { description: 'Renews the credential now. No input needed.' });
  setHandler(messages.verifySignal, verify, { description: 'Proves the credential at the app now. No input needed.' });
  setHandler(messages.rollSignal, () => actor.askToRoll(), {
    description: 'Rolls over to a new run (after an upgrade or a key rotation).',
  });
  setHandler(messages.attemptAnsweredSignal, (input) => {
    const { attemptId } = fieldsOf(input);
    if (attemptId) actor.apply({ type: 'attemptAnswered', at: Date.now(), attemptId });
  });
  setHandler(messages.usedSignal, (input) => {
    const { at } = fieldsOf(input);
    if (at !== undefined) actor.apply({ type: 'used', at: Math.min(at, Date.now()) });
  });
  setHandler(messages.lateAnswerSignal, (input) => {
    const { version, attemptId } = fieldsOf(input);
    if (version === undefined) return;
    const of = attemptId === undefined ? {} : { attemptId };
    const counts = { atOnce: patched(LATE_ANSWER_AT_ONCE), stays: patched(LATE_ANSWER_STAYS) };
    actor.apply({ type: 'lateAnswer', at: Date.now(), version, ...counts, ...of });
  });
}

/** What a signal holds. Where the check of today leaves something out, runs of older builds keep to what their histories say. */
function fieldsOf(input: unknown): SignalFields {
  const fields = readSignal(input);
  const before = readSignalAsBefore(input);
  return sameFields(fields, before) || patched(MESSAGES_ARE_CHECKED) ? fields : before;
}

/** A timer that is set for years to come is refused by the server, and the task that sets it fails for ever. */
function withinADay(moment: number): number {
  const last = Date.now() + LONGEST_ATTEMPT_MS;
  return moment > last && patched(MESSAGES_ARE_CHECKED) ? last : moment;
}

/** Updates that answer when the renewal or the verification is over that serves them. */
function registerWaitingUpdates(actor: HandledActor): void {
  const checks = (update: CheckedUpdate) => (input: unknown) => {
    refuseWhileRolling(actor);
    refuseFaulty(update, input);
  };
  const refresh = async (input: messages.RefreshUpdateInput): Promise<messages.ConnectionView> => {
    const wish = wishRefresh(actor, input);
    if (wish === 'verify') await verifyRound(actor);
    else await refreshRound(actor);
    return viewOf(actor.state);
  };
  const verify = async ({ by, requirements, seenProof }: messages.VerifyInput): Promise<messages.ConnectionView> => {
    if (seenProof >= actor.state.proofCount || requirements.length > 0) {
      actor.apply({ type: 'verifyWished', at: Date.now(), by, requirements });
      await verifyRound(actor);
    }
    return viewOf(actor.state);
  };
  setHandler(messages.ensureFreshUpdate, (input) => ensureFresh(actor, input), {
    validator: checks('ensureFresh'),
    description: 'Waits for a credential newer than the one seen.',
  });
  setHandler(messages.refreshUpdate, refresh, { validator: checks('refresh') });
  setHandler(messages.verifyUpdate, verify, { validator: checks('verify') });
}

/**
 * Updates that change the state at once and wait for nothing. They hold up no roll, so they are never refused for one: what they
 * change goes on in the new run.
 */
function registerPlainUpdates(actor: HandledActor): void {
  const answer = (event: ConnectionEvent): messages.ConnectionView => {
    actor.apply(event);
    return viewOf(actor.state);
  };
  const whileAlive = (update: CheckedUpdate) => ({
    validator: (input: unknown) => {
      refuseFaulty(update, input);
      refuseDeleted(actor);
    },
  });
  const always = (update: CheckedUpdate) => ({ validator: (input: unknown) => refuseFaulty(update, input) });
  setHandler(
    messages.authorizeUpdate,
    ({ lifetimeMs, ...input }) => {
      const at = Date.now();
      const expiresAt = lifetimeMs === undefined ? input.expiresAt : at + lifetimeMs;
      return answer({ ...input, expiresAt, type: 'authorizeAsked', at });
    },
    whileAlive('authorize'),
  );
  setHandler(
    messages.decideCandidateUpdate,
    (input) => answer({ ...input, type: 'candidateDecided', at: Date.now() }),
    {
      validator: (input) => {
        refuseFaulty('decideCandidate', input);
        refuseUnknownCandidate(actor, input.attemptId);
      },
    },
  );
  setHandler(
    messages.cancelAttemptUpdate,
    ({ attemptId }) => answer({ type: 'attemptCancelled', at: Date.now(), attemptId }),
    always('cancelAttempt'),
  );
  setHandler(
    messages.disconnectUpdate,
    ({ by }) => answer({ type: 'disconnectAsked', at: Date.now(), by }),
    whileAlive('disconnect'),
  );
  setHandler(messages.deleteUpdate, ({ by }) => answer({ type: 'deleteAsked', at: Date.now(), by }), always('delete'));
  setHandler(
    messages.reconfigureUpdate,
    (input) => answer({ ...input, type: 'reconfigured', at: Date.now(), freezes: patched(SETTINGS_ARE_FROZEN) }),
    whileAlive('reconfigure'),
  );
}

/** A person's or a job's wish to renew, whatever the clock says. @returns What there is to wait for. */
function wishRefresh(
  actor: HandledActor,
  input: Partial<messages.RefreshUpdateInput> & { by: Sender },
): 'answer' | 'refresh' | 'verify' {
  const { by } = input;
  let wish = wishToRefresh(actor.state, input, Date.now());
  // Runs of older builds renewed a young version: their histories say so.
  if (wish === 'verify' && !patched(YOUNG_IS_VERIFIED)) wish = 'refresh';
  if (wish === 'verify') actor.apply({ type: 'verifyWished', at: Date.now(), by, requirements: [] });
  if (wish === 'refresh')
    actor.apply({ type: 'refreshWished', at: Date.now(), by, rejectedVersion: 0, adoptOnly: false });
  return wish;
}

async function ensureFresh(actor: HandledActor, input: messages.EnsureFreshInput): Promise<Lease> {
  const wish = wishForFresh(actor.state, input, Date.now());
  if (wish === 'verify') {
    actor.apply({ type: 'verifyWished', at: Date.now(), by: input.by, requirements: [] });
    await verifyRound(actor);
  } else if (wish === 'refresh' || (wish === 'remember' && patched(REJECTED_IS_REPEATED))) {
    const rejectedVersion = input.rejected ? input.seenVersion : 0;
    actor.apply({ type: 'refreshWished', at: Date.now(), by: input.by, rejectedVersion, adoptOnly: false });
    if (wish === 'refresh') await refreshRound(actor);
  }
  return leaseOf(actor.state);
}

function refuseWhileRolling({ rolling }: HandledActor): void {
  if (!rolling) return;
  throw ApplicationFailure.create({
    type: ROLLING,
    message: 'The actor is rolling over. Repeat with the same update id.',
  });
}

function refuseFaulty(update: CheckedUpdate, input: unknown): void {
  const fault = faultOfUpdate(update, input, Date.now());
  if (fault !== null)
    throw ApplicationFailure.nonRetryable(`The update "${update}" is not valid: ${fault}`, 'request_invalid');
}

function refuseDeleted(actor: HandledActor): void {
  if (actor.state.status === 'deleted')
    throw ApplicationFailure.nonRetryable('The connection was deleted.', 'connection_deleted');
}

function refuseUnknownCandidate(actor: HandledActor, attemptId: string): void {
  const { candidate, lastAttempt } = actor.state;
  const decided = lastAttempt?.attemptId === attemptId && candidate === null;
  if (candidate?.attemptId !== attemptId && !decided)
    throw ApplicationFailure.nonRetryable('No candidate of this attempt waits for a decision.', 'conflict');
}
