/**
 * Takes secrets out of texts: answers of apps kept as evidence, log lines, messages of foreign errors.
 * Works on plain text, on JSON, on JSON within JSON and on URL-encoded forms. Too much taken out is a nuisance, too little is a leak.
 */

const REPLACEMENT = '[redacted]';
const MAX_EVIDENCE = 300;

/** Names whose values are secrets wherever they stand. Longer names first: the alternatives are tried in order. */
const SECRET_NAMES = [
  'access[-_]?token',
  'refresh[-_]?token',
  'id[-_]?token',
  'client[-_]?secret',
  'client[-_]?assertion',
  'code[-_]?verifier',
  'subject[-_]?token',
  'private[-_]?key',
  'security[-_]?token',
  'session[-_]?id',
  'sealed(?:Secret|Code|Verifier)?',
  'encrypted_key',
  'ciphertext',
  'api[-_]?key',
  'x-api-key',
  'password',
  'passwd',
  'secret',
  'assertion',
  'signature',
  'token',
  'sid',
].join('|');

// Quotes of JSON at any depth of escaping. Bounded, as every repetition here that another could follow: no text may make this slow.
const QUOTE = `\\\\{0,15}"`;

// A value ends at a quote, a backslash (JSON within JSON), a separator of forms, or white space.
const VALUE = `[^\\s"'\\\\&;,<>{}\\])]`;

const RULES: readonly { pattern: RegExp; keep: string }[] = [
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, keep: '' },
  // Authorization headers: `Bearer x`, `Basic x`, Salesforce's `OAuth x`; also URL-encoded.
  { pattern: /\b(Bearer|Basic|OAuth)((?:\s|%20|\+)+)[A-Za-z0-9!._~+/=%-]{8,}/gi, keep: '$1$2' },
  { pattern: /\b((?:set-)?cookie\\{0,15}"?\s{0,5}[:=]\s{0,5}\\{0,15}"?)[^\r\n"\\]+/gi, keep: '$1' },
  // Salesforce access tokens (also with the mark URL-encoded) and refresh tokens.
  { pattern: /\b00D[A-Za-z0-9]{9,15}(?:!|%21)[A-Za-z0-9._]+/g, keep: '' },
  { pattern: /\b5Aep861[A-Za-z0-9._]{8,}/g, keep: '' },
  // JWT and JWE in compact form: a base64url JSON object, then parts between dots.
  { pattern: /\beyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){1,4}/g, keep: '' },
  // Private parts of a JWK.
  {
    pattern: new RegExp(`(${QUOTE}(?:d|k|p|q|dp|dq|qi)${QUOTE}\\s{0,5}:\\s{0,5}${QUOTE})[A-Za-z0-9_-]{32,}`, 'g'),
    keep: '$1',
  },
  // JSON members.
  { pattern: new RegExp(`(${QUOTE}(?:${SECRET_NAMES})${QUOTE}\\s{0,5}:\\s{0,5}${QUOTE})[^"\\\\]+`, 'gi'), keep: '$1' },
  // An authorization code as a member. Error codes are members of that name too, but they hold no digits beside letters.
  {
    pattern: new RegExp(
      `(${QUOTE}code${QUOTE}\\s{0,5}:\\s{0,5}${QUOTE})(?=[^"\\\\]{0,200}\\d)(?=[^"\\\\]{0,200}[A-Za-z])[^"\\\\]{12,}`,
      'g',
    ),
    keep: '$1',
  },
  // Forms, queries and fragments; `%3D` inside an encoded URL.
  {
    pattern: new RegExp(
      `(?:(?<![A-Za-z0-9_])|(?<=%[0-9A-F]{2}))((?:${SECRET_NAMES}|code|state)(?:=|%3D))(?!\\[redacted)(?:(?!%26)${VALUE})+`,
      'gi',
    ),
    keep: '$1',
  },
  // Header lines and texts such as `client_secret: x`. Only names that are never plain words.
  {
    pattern: new RegExp(
      `\\b((?:access_token|refresh_token|id_token|client_secret|code_verifier|x-api-key|api_key|password)\\s{0,5}:\\s{0,5})(?!\\[redacted)${VALUE}+`,
      'gi',
    ),
    keep: '$1',
  },
  // User and password in an address.
  { pattern: /(:\/\/)[^\s/@"'\\:]{1,200}:[^\s/@"'\\]{1,300}(?=@)/g, keep: '$1' },
];

/** Takes secrets out of a text of any length. A JSON text stays JSON. */
export function redactSecrets(text: string): string {
  let result = text;
  for (const { pattern, keep } of RULES) result = result.replace(pattern, `${keep}${REPLACEMENT}`);
  return result;
}

/**
 * An app may quote a token with no name beside it (`You sent 9f3c…`): a long word of letters and digits is taken for one. Ids of
 * records are shorter. Only for texts of apps: our own log lines name ids of that length.
 */
const OPAQUE_WORD = /(?=[A-Za-z_\-.~+/=!]{0,200}\d)(?=[\d_\-.~+/=!]{0,200}[A-Za-z])[A-Za-z0-9_\-.~+/=!]{24,}/g;

/**
 * A text of an app as evidence: without secrets and control characters, at most `maxLength` characters (default 300).
 * Secrets go first: cutting first could leave half of one unrecognised.
 */
export function redactText(text: string, maxLength = MAX_EVIDENCE): string {
  const clean = redactSecrets(text.slice(0, maxLength * 40))
    .replace(OPAQUE_WORD, REPLACEMENT)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return clean.length <= maxLength ? clean : `${clean.slice(0, maxLength - 1)}…`;
}
