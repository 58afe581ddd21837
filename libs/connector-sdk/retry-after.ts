/** Reads `Retry-After` (RFC 9110 section 10.2.3): seconds or an HTTP date. */

/** Milliseconds to wait from `nowMs`, at least 0 and at most `maxMs`; null when absent or not readable. */
export function parseRetryAfter(value: string | undefined, nowMs: number, maxMs = 24 * 3_600_000): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1000), maxMs);
  // A date counts only when it looks like one: Date.parse accepts far more than RFC 9110 section 5.6.7 allows.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.min(Math.max(date - nowMs, 0), maxMs);
}
