/**
 * Masks secrets by their value. Rules about words and forms (`redact.ts`) cannot know a token that an app quotes with nothing beside
 * it; whoever sent a request knows what it must not get back. Nothing of an answer may leave the place of the call without this.
 */
import { SecretForms } from './secret-forms.js';

const REPLACEMENT = '[redacted]';
/** Shorter values are words; masking them would garble every text. */
const MIN_LENGTH = 6;
/** A quotation that is cut short (`00Dxx!AQEA…`): so many characters in a row of a long secret are taken for a part of it. */
const FRAGMENT = 16;
const LONG_SECRET = 32;
const BLOCK = FRAGMENT / 2;
/** Where apps quote: errors are short. A page of records is searched for whole secrets only. */
const FRAGMENT_TEXT_LIMIT = 65_536;

/** The secrets that are in hand for one request. Holds them where no logger and no serializer finds them. */
export class SecretMask {
  readonly #secrets: ReadonlyMap<string, SecretForms>;

  private constructor(secrets: Iterable<readonly [string, SecretForms]>) {
    // Longest first: one secret may be a part of another.
    this.#secrets = new Map([...secrets].sort(([one], [other]) => other.length - one.length));
  }

  /** Blank and absent values are passed over. */
  static of(...values: (string | null | undefined)[]): SecretMask {
    const secrets = values
      .flatMap((value) => (value ? [value.trim()] : []))
      .filter((value) => value.length >= MIN_LENGTH);
    return new SecretMask(secrets.map((value) => [value, new SecretForms(value)]));
  }

  /** Both together. */
  with(other: SecretMask): SecretMask {
    const news = [...other.#secrets].filter(([value]) => !this.#secrets.has(value));
    return news.length === 0 ? this : new SecretMask([...this.#secrets, ...news]);
  }

  /** The text without the secrets, in whatever form they stand in it. A JSON text stays JSON. */
  text(text: string): string {
    let result = text;
    for (const forms of this.#secrets.values())
      if (forms.mayBeIn(result)) result = result.replace(forms.pattern, REPLACEMENT);
    if (result.length > FRAGMENT_TEXT_LIMIT) return result;
    for (const secret of this.#secrets.keys()) if (secret.length >= LONG_SECRET) result = maskFragments(result, secret);
    return result;
  }

  /** Headers of an answer, names as they are. */
  headers(headers: Record<string, string>): Record<string, string> {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, this.text(value)]));
  }

  toJSON(): string {
    return REPLACEMENT;
  }
}

/** Masks what text and secret have in common, from 16 characters on. Each such part holds a whole block of 8, at a place divisible by 8. */
function maskFragments(text: string, secret: string): string {
  let result = text;
  for (let start = 0; start + BLOCK <= secret.length; start += BLOCK) {
    const block = secret.slice(start, start + BLOCK);
    for (let at = result.indexOf(block); at >= 0; at = result.indexOf(block, at + 1)) {
      let [left, right] = [0, BLOCK];
      while (left < start && at > left && result[at - left - 1] === secret[start - left - 1]) left += 1;
      while (start + right < secret.length && result[at + right] === secret[start + right]) right += 1;
      if (left + right >= FRAGMENT) {
        result = `${result.slice(0, at - left)}${REPLACEMENT}${result.slice(at + right)}`;
        at = at - left + REPLACEMENT.length - 1;
      }
    }
  }
  return result;
}
