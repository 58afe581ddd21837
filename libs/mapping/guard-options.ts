/** Limits that JSONata itself enforces (reference/dependencies.md, T11). */

/** A guard has refused. The message is for the recipe's author. */
export class GuardError extends Error {
  override readonly name = 'GuardError';
}

/** Options for `jsonata(expression, …)`. */
export const GUARD_OPTIONS = {
  /** Milliseconds. */
  timeout: 300,
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
