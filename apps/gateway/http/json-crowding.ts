/** How many values a JSON text holds, before anything is parsed: what looks at each of them must not take long. */
import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './json-bytes.js';

export interface CrowdLimits {
  /** Members of one object, items of one list. */
  entries: number;
  /** Values altogether. */
  values: number;
}

/** Which limit is passed, or null. Reads bytes once and stops at the first excess; text inside strings does not count. */
export function crowdedBy(json: Buffer, { entries, values }: CrowdLimits): keyof CrowdLimits | null {
  const counts: number[] = [];
  let total = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index];
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
      continue;
    }
    if (byte === QUOTE) inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) counts.push(1);
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) counts.pop();
    else if (byte === COMMA && counts.length > 0) {
      const last = counts.length - 1;
      if ((counts[last] = (counts[last] ?? 0) + 1) > entries) return 'entries';
    } else continue;
    if ((byte === COMMA || byte === OPEN_BRACE || byte === OPEN_BRACKET) && (total += 1) > values) return 'values';
  }
  return null;
}
