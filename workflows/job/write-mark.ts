/**
 * What the activity of a step tells by its heartbeats of the write that must not be sent twice, so that its last words are there when
 * its worker is lost. The marks go one way: alive -> sending -> ended. Nothing at all = nothing was sent, since `sending` reaches
 * Temporal before the first byte leaves. A beat that is delivered late can only say less than is known, never "nothing".
 */
import type { RunStepOutcome } from './activities.js';
import type { StepFailure } from './state.js';

/** A lost step's worker is noticed after this. */
export const STEP_HEARTBEAT_TIMEOUT_MS = 20_000;

export type WriteMark =
  /** It runs; whether something was sent cannot be told. */
  | { v: 1; at: 'alive' }
  /** Its input is known and may have been sent, by an idempotency key: the next try must send the same. */
  | { v: 1; at: 'evaluated'; input: Record<string, unknown> }
  /** A write may be under way until then (epoch ms). */
  | { v: 1; at: 'sending'; until: number; canLookUp: boolean }
  /** How it ended: the same as its result, which may be lost on its way. */
  | { v: 1; at: 'ended'; outcome: RunStepOutcome }
  | { v: 1; at: 'ended'; failure: StepFailure };

/** Reads what a heartbeat carried; null when it carried nothing, `alive` when it cannot be read. */
export function readWriteMark(details: unknown): WriteMark | null {
  if (details === undefined || details === null) return null;
  const mark = details as { at?: unknown; until?: unknown; outcome?: unknown; failure?: unknown; input?: unknown };
  if (mark.at === 'evaluated' && typeof mark.input === 'object' && mark.input !== null) return details as WriteMark;
  if (mark.at === 'sending' && typeof mark.until === 'number') return details as WriteMark;
  if (mark.at === 'ended' && (mark.outcome || mark.failure)) return details as WriteMark;
  return { v: 1, at: 'alive' };
}
