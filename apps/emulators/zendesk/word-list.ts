/** Tags and domain names as Zendesk keeps them: split at blanks and commas, in lower case, once each. */
export function wordList(given: unknown): string[] {
  const texts = Array.isArray(given) ? given.map(String) : typeof given === 'string' ? [given] : [];
  return [...new Set(texts.flatMap((text) => text.toLowerCase().split(/[\s,]+/)).filter(Boolean))];
}
