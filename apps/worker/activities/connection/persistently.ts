/** Repeats a store operation until it succeeds, or until it is plain that it never will. */
import { HawserError } from '#domain/errors.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** So often a failure that cannot pass is seen before it is believed: about 20 s. */
const HOPELESS_TRIES = 10;

/** Answers of MongoDB and FerretDB to what they can never keep: bad values, keys and types, documents that are too large. */
const HOPELESS_CODES: ReadonlySet<unknown> = new Set([2, 9, 14, 22, 52, 57, 121, 10334, 17280, 17419, 17420]);

/**
 * For what must not be lost while the process lives: the answer in hand may be the only living token (promise 3). A store that is away, a
 * key that is missing: repeated for ever. What can never be stored (a defect of ours, a document that the store refuses as such) ends after
 * some tries with its own failure: a loop without end would only hide that the answer is lost.
 * `onFailure` is told of each failure; it must not throw.
 */
export async function persistently<T>(
  operation: () => Promise<T>,
  onFailure: (error: unknown) => void,
  pause: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<T> {
  let hopeless = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await operation();
    } catch (error) {
      onFailure(error);
      hopeless = isHopeless(error) ? hopeless + 1 : 0;
      if (hopeless >= HOPELESS_TRIES) throw error;
      await pause(pauseMs);
    }
  }
}

/** Whether the same document would be refused for ever, whatever becomes of the store. */
function isHopeless(error: unknown): boolean {
  if (error instanceof HawserError) return error.class === 'stop';
  if (error instanceof TypeError || error instanceof RangeError) return true;
  const { name = '', code } = (error ?? {}) as { name?: string; code?: unknown };
  return name.startsWith('BSON') || (name.startsWith('Mongo') && HOPELESS_CODES.has(code));
}
