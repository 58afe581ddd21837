/** Looks grow rarer up to this: a look costs the whole stack its work, and what takes long is not missed by half a second. */
const RAREST_MS = 500;

/** Waits for a condition by looking again and again: tests wait for what they need, never for a time. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false | null>,
  withinMs = 30_000,
  everyMs?: number,
): Promise<T> {
  const began = Date.now();
  const end = began + withinMs;
  let lastError: unknown;
  while (Date.now() < end) {
    try {
      const found = await look();
      if (found !== undefined && found !== false && found !== null) return found;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) =>
      setTimeout(resolve, everyMs ?? Math.min(RAREST_MS, 100 + (Date.now() - began) / 10)),
    );
  }
  throw new Error(`Waited ${withinMs} ms for: ${what}${lastError ? ` (last error: ${String(lastError)})` : ''}`);
}
