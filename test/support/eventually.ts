/** Waits for a condition by looking again and again: tests wait for what they need, never for a time. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined | false | null>, withinMs = 30_000, everyMs = 100): Promise<T> {
  const end = Date.now() + withinMs;
  let lastError: unknown;
  while (Date.now() < end) {
    try {
      const found = await look();
      if (found !== undefined && found !== false && found !== null) return found;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error(`Waited ${withinMs} ms for: ${what}${lastError ? ` (last error: ${String(lastError)})` : ''}`);
}
