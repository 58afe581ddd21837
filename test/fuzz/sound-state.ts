/** What must hold of an actor's state whatever an app has answered. */
import { isErrorCode } from '#domain/errors.js';
import { leaseOf } from '#workflows/connection/lease-of.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { nextDeadline } from '#workflows/connection/time.js';
import { detailsOf, metadataOf, viewOf } from '#workflows/connection/view-of.js';

/** Temporal refuses a payload of 2 MB, and every activity is given the whole state: far less than that keeps histories small. */
const STATE_CHARACTERS = 100_000;

/** Throws unless the actor can go on with this state: it is plain and small, can be shown, and keeps no timer that cannot be set. */
export function expectSoundState(state: ConnectionState, at: number): void {
  const text = JSON.stringify(state);
  if (text.length > STATE_CHARACTERS) throw new Error(`The state has ${text.length} characters.`);
  expect(JSON.parse(text)).toEqual(state);
  viewOf(state);
  metadataOf(state);
  detailsOf(state);
  leaseOf(state);
  const deadline = nextDeadline(state, at);
  if (deadline !== null && !(Number.isFinite(deadline) && deadline < at + 1_000 * 365 * 86_400_000))
    throw new Error(`A timer for the moment ${deadline}.`);
  if (state.reason !== null) expect(isErrorCode(state.reason.code)).toBe(true);
}

/** Throws when an outcome, which Temporal keeps, holds one of these secrets. */
export function expectNoSecret(outcome: unknown, secrets: string[]): void {
  const text = JSON.stringify(outcome);
  const told = secrets.filter((secret) => text.includes(secret));
  if (told.length > 0) throw new Error(`${told.length} secrets in an outcome: ${text.slice(0, 300)}`);
}
