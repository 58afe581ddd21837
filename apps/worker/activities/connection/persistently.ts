/** Repeats a store operation until it succeeds. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * For what must not be lost while the process lives: the answer in hand may be the only living token (promise 3).
 * `onFailure` is told of each failure; it must not throw.
 */
export async function persistently<T>(operation: () => Promise<T>, onFailure: (error: unknown) => void): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await operation();
    } catch (error) {
      onFailure(error);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
