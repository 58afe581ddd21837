/** One field of a message that may have been sent by hand: its value when type, range and length fit, else null. Never throws. */

/** Ids are short: a longer text is none. */
export const LONGEST_ID = 100;
/** Names of bindings, operations, apps. */
export const LONGEST_WORD = 100;
/** Version numbers and counts are small whole numbers: a larger one is a mistake, and nothing may loop up to it. */
export const HIGHEST_COUNT = 1_000_000_000;
/** The last moment that a Date can name (ECMA-262 section 21.4.1.1). */
export const LAST_MOMENT = 8_640_000_000_000_000;

/** The object that was sent; an empty one for anything else. */
export function sentObject(input: unknown): Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as Record<string, unknown>) : {};
}

const own = (input: unknown, name: string): unknown => {
  const sent = sentObject(input);
  return Object.hasOwn(sent, name) ? sent[name] : undefined;
};

export function readText(input: unknown, name: string, longest: number): string | null {
  const value = own(input, name);
  return typeof value === 'string' && value.length > 0 && value.length <= longest ? value : null;
}

/** Letters, digits, `_`, `-` and `.`: ids stand in workflow ids and search attributes, which Temporal keeps in plain. */
export function readId(input: unknown, name: string): string | null {
  const value = readText(input, name, LONGEST_ID);
  return value !== null && /^[A-Za-z0-9_.-]+$/.test(value) ? value : null;
}

export const readWord = (input: unknown, name: string): string | null => readText(input, name, LONGEST_WORD);

/** A whole number between two others, both included. */
export function readWhole(input: unknown, name: string, least: number, most: number): number | null {
  const value = own(input, name);
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : null;
}

export const readCount = (input: unknown, name: string): number | null => readWhole(input, name, 0, HIGHEST_COUNT);

/** Epoch milliseconds. Fractions are cut: clocks of other languages have them. */
export function readMoment(input: unknown, name: string): number | null {
  const value = own(input, name);
  return typeof value === 'number' && value >= 0 && value <= LAST_MOMENT ? Math.floor(value) : null;
}

export function readFlag(input: unknown, name: string): boolean | null {
  const value = own(input, name);
  return typeof value === 'boolean' ? value : null;
}

/** The texts of a list that fit, at most so many. */
export function readTexts(input: unknown, name: string, longest: number, most: number): string[] {
  const value = own(input, name);
  if (!Array.isArray(value)) return [];
  return value
    .filter((entry): entry is string => typeof entry === 'string' && entry.length > 0 && entry.length <= longest)
    .slice(0, most);
}
