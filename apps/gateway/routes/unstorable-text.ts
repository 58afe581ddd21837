/** Texts that would not come back as they were sent, or end early somewhere on their way. */
import { invalidFields, pointerOf, type RequestPart } from '../problems/schema-issues.js';

/** @throws ProblemError `request_invalid` that names the first text with U+0000 or half a surrogate pair; names of members count too. */
export function refuseUnstorableText(part: RequestPart, value: unknown): void {
  const found = find(value, []);
  if (found === null) return;
  const where = found.length === 0 ? `The ${part}` : `The field "${found.join('.').slice(0, 100)}" of the ${part}`;
  throw invalidFields([
    {
      pointer: pointerOf(part, found),
      detail: `${where} holds the character U+0000 or half a character, which no text may hold.`,
    },
  ]);
}

/** Half of a surrogate pair (general category Cs) has no form in UTF-8. */
const HALF = /\p{Cs}/gu;

const isUnstorable = (text: string): boolean => text.includes('\u0000') || text.search(HALF) >= 0;

/** The path of the first such text; the body's limits bound the walk. */
function find(value: unknown, path: string[]): string[] | null {
  if (typeof value === 'string') return isUnstorable(value) ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    const shown = key.replaceAll('\u0000', '\ufffd').replace(HALF, '\ufffd');
    const at = [...path, shown];
    if (shown !== key) return at;
    const found = find(item, at);
    if (found !== null) return found;
  }
  return null;
}
