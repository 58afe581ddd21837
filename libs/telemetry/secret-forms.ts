/** The forms in which a text may quote a secret: plain, URL-encoded (also twice), JSON- and HTML-escaped, base64, base64url, hex. Pure. */

const HTML_NAMES: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
const JSON_LETTERS: Record<string, string> = { '\n': 'n', '\r': 'r', '\t': 't' };
const SHORTEST_TRACE = 4;

/** All forms of one secret. */
export class SecretForms {
  /** Of these one occurs wherever a form does. Searching them is much cheaper than the pattern; none: the secret has no plain part. */
  private readonly traces: readonly string[];
  private readonly base64: readonly string[];
  private readonly hex: string;
  private made: RegExp | undefined;

  constructor(private readonly secret: string) {
    const bytes = Buffer.from(secret, 'utf8');
    this.base64 = [0, 1, 2].map((offset) => base64Core(bytes, offset));
    this.hex = bytes.toString('hex');
    const words = [secret, ...this.base64].map(longestWord);
    this.traces = words.every((word) => word.length >= SHORTEST_TRACE)
      ? [...words, this.hex, this.hex.toUpperCase()]
      : [];
  }

  mayBeIn(text: string): boolean {
    return this.traces.length === 0 || this.traces.some((trace) => text.includes(trace));
  }

  /** Global. Made when first needed: most answers quote nothing. */
  get pattern(): RegExp {
    this.made ??= new RegExp(
      [escapedForm(this.secret), ...this.base64.map(escapedBase64), anyCase(this.hex)].join('|'),
      'g',
    );
    return this.made;
  }
}

/** Letters and digits stand for themselves in every encoding; whatever else may be written in several ways. */
function escapedForm(secret: string): string {
  let pattern = '';
  // A run of backslashes is one repetition: several behind each other would make a search slow.
  for (const [part] of secret.matchAll(/\\+|[\s\S]/gu))
    pattern += part.startsWith('\\') ? backslashes(part) : character(part);
  return pattern;
}

const backslashes = ({ length }: string): string =>
  `(?:(?:\\\\{1,15}u005[cC]|&#0{0,5}92;|&#[xX]0{0,5}5[cC];|%(?:25){0,3}5[cC]){${length}}|\\\\{${length},${length * 16}}|(?:%(?:25){0,3}5[cC]){${length * 2}})`;

function character(char: string): string {
  if (/[A-Za-z0-9]/.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  const percent = [...Buffer.from(char, 'utf8')].map((byte) => `%(?:25){0,3}${anyCase(hexOf(byte, 2))}`).join('');
  const units = [...char].flatMap((one) => Array.from({ length: one.length }, (_, index) => one.charCodeAt(index)));
  const unicode = units.map((unit) => `\\\\{1,15}u${anyCase(hexOf(unit, 4))}`).join('');
  const ways = [quoted(char), percent, unicode, `&#0{0,5}${code};`, `&#[xX]0{0,5}${anyCase(code.toString(16))};`];
  if (char === '"' || char === '/' || char === "'") ways.push(`\\\\{1,15}${char}`);
  const letter = JSON_LETTERS[char];
  if (letter) ways.push(`\\\\{1,15}${letter}`);
  if (char === ' ') ways.push('\\+');
  const name = HTML_NAMES[char];
  if (name) ways.unshift(`&${name};`);
  return `(?:${ways.join('|')})`;
}

/** The characters of a base64 text that are the same wherever the secret begins in what was encoded (offset = bytes before it, modulo 3). */
function base64Core(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const from = offset === 0 ? 0 : offset + 1;
  const to = (offset + bytes.length) % 3 === 0 ? text.length : text.length - 1;
  return text.slice(from, to);
}

/** Standard and URL alphabet, and the standard one URL- or JSON-escaped. */
function escapedBase64(core: string): string {
  return core.replace(/[+/]/g, (char) =>
    char === '+' ? '(?:\\+|-|%(?:25){0,3}2[bB])' : '(?:\\\\{0,15}/|_|%(?:25){0,3}2[fF])',
  );
}

const hexOf = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const anyCase = (hex: string): string => hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
const quoted = (char: string): string => char.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const longestWord = (text: string): string =>
  text.split(/[^A-Za-z0-9]+/).reduce((longest, word) => (word.length > longest.length ? word : longest), '');
