/** Shortens what an app said, for evidence: one line, at most `max` characters. */
export function appMessage(text: unknown, max = 300): string | undefined {
  if (typeof text !== 'string') return undefined;
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return undefined;
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}
