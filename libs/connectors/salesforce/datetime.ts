/** Salesforce writes `2011-07-07T00:37:00.000+0000` (no colon in the zone) and reads `2026-01-02T03:04:05.000Z` (README.md, "Data"). */

/** ISO 8601 in UTC with milliseconds, or null when it is no date and time. */
export function isoOf(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const ms = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
