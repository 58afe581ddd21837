/**
 * JSON whose long integers keep their digits. A number of JavaScript holds integers up to 2^53 exactly; an app's ids may be longer, and
 * two neighbours would become one. So a longer one is read as the text of its digits.
 */
export function parseExact(text: string): unknown {
  return JSON.parse(LONG_DIGITS.test(text) ? quoteLongIntegers(text) : text);
}

const LONG_DIGITS = /\d{16}/;

/** A whole number (or the whole part of a decimal one) of 16 digits or more; no exponent: that says itself that digits do not count. */
const LONG_NUMBER = /(?<![\d.eE+-])-?(\d{16,})(?:\.\d+)?(?![\d.eE])(?!\s*:)/g;

/** The same JSON with such numbers in quotes. What is no JSON stays none. */
export function quoteLongIntegers(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const begin = text.indexOf('"', at);
    const bare = text.slice(at, begin < 0 ? text.length : begin);
    parts.push(
      bare.replace(LONG_NUMBER, (number, whole: string) =>
        Number.isSafeInteger(Number(whole)) || whole.startsWith('0') ? number : `"${number}"`,
      ),
    );
    if (begin < 0) break;
    at = endOfText(text, begin);
    parts.push(text.slice(begin, at));
  }
  return parts.join('');
}

/** Behind the closing quote: one with an even number of backslashes before it. */
function endOfText(text: string, begin: number): number {
  for (let close = text.indexOf('"', begin + 1); close >= 0; close = text.indexOf('"', close + 1)) {
    let slashes = 0;
    while (text[close - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return close + 1;
  }
  return text.length;
}

/** Whether a number has lost digits, or may have: an integer beyond 2^53. */
export const hasLostDigits = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
