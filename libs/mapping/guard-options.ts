/** Limits that JSONata itself enforces. Its `timeout` does not reach into a regular expression, so there are none. */

/** A guard has refused. The message is for the recipe's author. */
export class GuardError extends Error {
  override readonly name: string = 'GuardError';
}

/** What one expression may take, in milliseconds of processor time: a machine that is busy with other things is not its fault. */
export const FIELD_MS = 300;

/** An expression has used up its time. */
export class OutOfTimeError extends GuardError {
  constructor() {
    super(`It takes longer than ${FIELD_MS} ms of processor time.`);
  }
}

/** Options for `jsonata(expression, …)`. */
export const GUARD_OPTIONS = {
  /** Milliseconds of the clock: the net below `FIELD_MS`. */
  timeout: 15_000,
  stack: 200,
  sequence: 10_000,
  RegexEngine: class RefusedRegex {
    constructor() {
      throw new GuardError(
        'Regular expressions are not allowed in mappings; use $contains, $split or $replace with plain text.',
      );
    }
  } as unknown as RegExpConstructor,
};
