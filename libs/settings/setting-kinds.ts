/** The kinds of settings. Each says by `allowed` exactly what its `parse` takes. */
import type { Setting } from './setting.js';

/** Any text. */
export function text<T extends string | null>(otherwise: T, { secret = false } = {}): Setting<string | T> {
  return { otherwise, secret, allowed: 'a text', parse: (value) => value };
}

/** A text of a certain form; `allowed` says which. */
export function matching<T extends string | null>(
  pattern: RegExp,
  { otherwise, allowed, secret = false }: { otherwise: T; allowed: string; secret?: boolean },
): Setting<string | T> {
  const parse = (value: string): string => {
    if (!pattern.test(value)) throw new Error('of another form');
    return value;
  };
  return { otherwise, allowed, secret, parse };
}

/** Digits only: neither `1e3` nor `-1` nor `0x10`. */
export function wholeNumber<T extends number | null>({
  otherwise,
  least,
  most = Number.MAX_SAFE_INTEGER,
}: {
  otherwise: T;
  least: number;
  most?: number;
}): Setting<number | T> {
  const end = most === Number.MAX_SAFE_INTEGER ? 'or more' : `to ${most}`;
  const allowed = `a whole number, ${least} ${end}`;
  const parse = (value: string): number => {
    const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= least && number <= most)) throw new Error('not in range');
    return number;
  };
  return { otherwise, allowed, secret: false, parse };
}

/** One of a few words. */
export function oneOf<W extends string, T extends W | null>(words: readonly W[], otherwise: T): Setting<W | T> {
  const parse = (value: string): W => {
    const word = words.find((one) => one === value);
    if (word === undefined) throw new Error('another word');
    return word;
  };
  return { otherwise, allowed: `one of ${words.join(', ')}`, secret: false, parse };
}

/** An http(s) address, without a slash at its end. */
export function webAddress(): Setting<string | null> {
  const parse = (value: string): string => {
    if (!/^https?:$/.test(new URL(value).protocol)) throw new Error('another scheme');
    return value.replace(/\/+$/, '');
  };
  return { otherwise: null, allowed: 'an address such as https://hawser.example', secret: false, parse };
}

/** Entries separated by commas; each is asked. Blank ones do not count. */
export function listOf(allowed: string, isEntry: (entry: string) => boolean): Setting<string[]> {
  const parse = (value: string): string[] => {
    const entries = value.split(',').map((entry) => entry.trim());
    const kept = entries.filter((entry) => entry !== '');
    if (!kept.every(isEntry)) throw new Error('a wrong entry');
    return kept;
  };
  return { otherwise: [], allowed, secret: false, parse };
}

/** What another module reads; it throws an Error whose message says which entry is wrong and why. */
export function readBy<T>(
  parse: (text: string) => T,
  { otherwise, allowed }: { otherwise: T; allowed: string },
): Setting<T> {
  return { otherwise, allowed, secret: false, parse };
}
