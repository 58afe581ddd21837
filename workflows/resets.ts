/** How a workflow hears that an operator has reset its run to an earlier point (Temporal's Reset). */

/** One for each run. What is set here is called from inside the run, so it may change state and cancel work, and nothing else. */
export interface Resets {
  /** An activation begins: nothing of it was handled yet. */
  begins?: () => void;
  /** The run was reset right before this activation. What it still holds of history is older than what was done in the world. */
  seen?: () => void;
  /** Resets that came before `seen` was set: the run was taken back to its very beginning. */
  early: number;
}

/** For whoever runs a workflow function without the interceptor: none is ever told. */
export const noResets = (): Resets => ({ early: 0 });
