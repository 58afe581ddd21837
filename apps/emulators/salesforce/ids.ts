import type { Org } from '../core/org.js';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const suffixLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The 18-character form: three letters that say which of the 15 are upper case, so that ids differ without their case. */
export function withSuffix(id15: string): string {
  let suffix = '';
  for (let block = 0; block < 3; block += 1) {
    let bits = 0;
    for (let i = 0; i < 5; i += 1) {
      const letter = id15[block * 5 + i] ?? '';
      if (letter >= 'A' && letter <= 'Z') bits |= 1 << i;
    }
    suffix += suffixLetters[bits];
  }
  return id15 + suffix;
}

/** The id in its 18-character form, or undefined when it is no id. A wrong suffix is no id either. */
export function normalId(text: unknown): string | undefined {
  if (typeof text !== 'string' || !/^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/.test(text)) return undefined;
  const whole = withSuffix(text.slice(0, 15));
  return text.length === 15 || whole.slice(15) === text.slice(15).toUpperCase() ? whole : undefined;
}

function inBase62(value: number, width: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = (base62[rest % 62] ?? '0') + text;
  return text.padStart(width, '0');
}

/**
 * Key prefix, instance part of the org, a reserved zero, and a number that grows by 26: so every other pair of neighbours differs by
 * the case of one letter alone, and whoever cuts ids to 15 characters and compares them without case finds out at once.
 */
export function makeId(prefix: string, org: Org): string {
  const instance = org.name === 'production' ? '5eH' : '7fU';
  return withSuffix(`${prefix}${instance}0${inBase62(8_999_956 + 26 * org.nextNumber(`id.${prefix}`), 8)}`);
}

/** A refresh gives a sandbox another id; its records keep theirs, which are copies of production's. */
export function orgId(org: Org): string {
  const refreshes = org.setting<number>('refreshes', 0);
  if (refreshes > 0) return withSuffix(`00D7fU00000${inBase62(62 ** 3 * 27 + 26 * refreshes, 4)}`);
  return withSuffix(org.name === 'production' ? '00D5eH000004XyZ' : '00D7fU00000Qr9k');
}
