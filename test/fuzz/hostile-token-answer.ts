/** What token endpoints answer when they are broken, misconfigured, behind a proxy, or malicious. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { hostileAnswer, type HostileAnswer } from './hostile-answer.js';
import { almost, hostileNumber, hostileValue, OBJECT_WORDS } from './hostile-json.js';

export interface TokenCase {
  answer: HostileAnswer;
  /** The answer gives these, however oddly: a reader that misses them loses the only living token. Null = nothing is promised. */
  tokens: { access: string; refresh: string | null } | null;
}

/** Words that apps use for a dead grant: the only evidence there is. */
export const DEAD_WORDS = [
  'invalid_grant',
  'invalid_code',
  'invalid_refresh_token',
  'bad_refresh_token',
  'bad_verification_code',
  'token_expired',
  'token_revoked',
  'expired_token',
  'inactive_user',
  'inactive_org',
  'interaction_required',
  'consent_required',
  'login_required',
];
const OTHER_WORDS = [
  'invalid_client',
  'unauthorized_client',
  'temporarily_unavailable',
  'server_error',
  'slow_down',
  'access_denied',
  'invalid_request',
  'invalid_scope',
  'unsupported_grant_type',
  'INVALID GRANT?',
  'nonsense',
  '',
  ' ',
  '\u0000',
  'x'.repeat(50_000),
];

/** Whether a text speaks of a dead grant, wherever and however it is written. */
export const speaksOfDeath = (text: string): boolean => {
  const flat = text.toLowerCase().replace(/[\s-]+/g, '_');
  return DEAD_WORDS.some((word) => flat.includes(word));
};

const VALID = {
  access_token: 'at-valid-0001',
  refresh_token: 'rt-valid-0001',
  token_type: 'Bearer',
  expires_in: 3600,
  refresh_token_expires_in: 2_592_000,
  scope: 'api refresh_token id openid',
  instance_url: 'https://hawser-dev.my.salesforce.com',
  id: 'https://login.salesforce.com/id/00D000000000001EAA/005000000000001AAA',
  issued_at: '1764400000000',
  signature: 'c2ln',
  data: { nested: [{ access_token_hint: 'x' }] },
};

/** Fields beside the tokens: whatever they hold, the tokens are there. */
const EXTRAS = [
  'expires_in',
  'expiresIn',
  'refresh_token_expires_in',
  'scope',
  'scopes',
  'instance_url',
  'id',
  'token_type',
  'issued_at',
  'id_token',
  'error',
  'error_description',
  'raw',
  'user',
  'team',
  'custom',
  ...OBJECT_WORDS,
];
const TIMES = ['expires_in', 'expiresIn', 'refresh_token_expires_in', 'refresh_expires_in', 'issued_at'];
const number = fc.oneof(
  hostileNumber,
  hostileNumber.map((text) => JSON.stringify(text)),
);
const scopes = fc.oneof(
  fc
    .integer({ min: 1, max: 40_000 })
    .map((many) => JSON.stringify(Array.from({ length: many }, (_, index) => `scope:${index}`).join(' '))),
  fc
    .integer({ min: 1, max: 40_000 })
    .map((many) => JSON.stringify(Array.from({ length: many }, (_, index) => `scope:${index}`))),
  fc.integer({ min: 1, max: 900_000 }).map((length) => JSON.stringify('s'.repeat(length))),
  hostileValue,
);
const extras = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...EXTRAS), hostileValue) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...TIMES), number) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom('scope', 'scopes'), scopes) },
  ),
  { maxLength: 5 },
);
const tokenText = (prefix: string) =>
  fc.stringMatching(/^[A-Za-z0-9._~+/!-]{8,40}$/).map((text) => `${prefix}-${text}`);
const longToken = fc.integer({ min: 1_000, max: 1_000_000 }).map((length) => `at-${'q'.repeat(length)}`);

type Body = { text: string | Buffer; tokens: TokenCase['tokens'] };

const given: fc.Arbitrary<Body> = fc
  .record({
    access: fc.oneof({ weight: 60, arbitrary: tokenText('at') }, { weight: 1, arbitrary: longToken }),
    refresh: fc.option(tokenText('rt')),
    extras,
    dress: fc.constantFrom(
      'json',
      'json',
      'json',
      'json',
      'bom',
      'blank',
      'data',
      'authed_user',
      'form',
      'xml',
      'camel',
      'noise',
    ),
  })
  .map(({ access, refresh, extras: fields, dress }) => ({
    text: dressed(dress, access, refresh, fields),
    tokens: { access, refresh },
  }));

function dressed(dress: string, access: string, refresh: string | null, extra: [string, string][]): string | Buffer {
  const names = dress === 'camel' ? ['accessToken', 'refreshToken'] : ['access_token', 'refresh_token'];
  const pairs = [
    `"${names[0]}":${JSON.stringify(access)}`,
    ...(refresh === null ? [] : [`"${names[1]}":${JSON.stringify(refresh)}`]),
  ];
  const others = extra.map(([name, value]) => `${JSON.stringify(name)}:${value}`);
  const json = `{${[...others, ...pairs].join(',')}}`;
  if (dress === 'bom') return `\ufeff${json}`;
  if (dress === 'blank') return `\r\n\t ${json}\n\n`;
  if (dress === 'data' || dress === 'authed_user') return `{"${dress}":{${pairs.join(',')}}}`;
  if (dress === 'form')
    return new URLSearchParams(
      Object.fromEntries([
        ...extra.map(([name, value]) => [name, value.slice(0, 200)]),
        ['access_token', access],
        ...(refresh === null ? [] : [['refresh_token', refresh]]),
      ]) as Record<string, string>,
    ).toString();
  if (dress === 'xml')
    return `<?xml version="1.0"?><OAuth><access_token>${access}</access_token>${refresh === null ? '' : `<refresh_token>${refresh}</refresh_token>`}</OAuth>`;
  // A broken byte in a field that nobody needs.
  if (dress === 'noise')
    return Buffer.concat([
      Buffer.from('{"name":"'),
      Buffer.from([0xff, 0xfe, 0x80, 0xc0]),
      Buffer.from(`",${pairs.join(',')}}`),
    ]);
  return json;
}

const error: fc.Arbitrary<Body> = fc
  .record({
    word: fc.oneof(fc.constantFrom(...DEAD_WORDS), fc.constantFrom(...OTHER_WORDS), fc.constantFrom(...OBJECT_WORDS)),
    description: hostileValue,
    shape: fc.constantFrom('rfc', 'rfc', 'rfc', 'nested', 'list', 'code', 'form', 'spaced', 'doubled'),
  })
  .map(({ word, description, shape }) => {
    const said = JSON.stringify(word);
    const text =
      shape === 'nested'
        ? `{"error":{"code":${said},"message":${description}}}`
        : shape === 'list'
          ? `[{"error":${said},"error_description":${description}}]`
          : shape === 'code'
            ? `{"errorCode":${said},"message":${description}}`
            : shape === 'form'
              ? `error=${encodeURIComponent(word)}&error_description=x`
              : shape === 'spaced'
                ? `{"error":${JSON.stringify(word.replaceAll('_', ' ').toUpperCase())}}`
                : shape === 'doubled'
                  ? `{"error":"server_error","error":${said}}`
                  : `{"error":${said},"error_description":${description}}`;
    return { text, tokens: null };
  });

/** 20 MB of zeros in 20 KB. */
const BOMB = gzipSync(Buffer.alloc(20_000_000));
const noise: fc.Arbitrary<Body> = fc
  .oneof(
    fc.constantFrom<string | Buffer>(
      '',
      ' ',
      'OK',
      'null',
      'true',
      '0',
      '""',
      '[]',
      '{}',
      '{',
      '}',
      '<',
      '<html><body>Sign in</body></html>',
      '<!DOCTYPE html>\n<form><input name=access_token></form>',
      'access_token=',
      'access_token=&refresh_token=',
      '%%%=%%%&access_token=%zz',
      '<access_token></access_token>',
      '<access_token>\u0001</access_token>',
      'upstream connect error',
      BOMB,
      `{"access_token":${'['.repeat(200_000)}`,
      `${'<a'.repeat(100_000)}`,
      `${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`,
      `access_token=${'%'.repeat(100_000)}`,
      JSON.stringify({ access_token: ['at-list-0001'], refresh_token: 'rt-list-0001' }),
      JSON.stringify({ access_token: { x: 1 } }),
      JSON.stringify({ access_token: 12_345_678 }),
      JSON.stringify({ access_token: true, expires_in: 3600 }),
      JSON.stringify({ access_token: 'at with\nnew: line', refresh_token: 'rt-line-0001' }),
      JSON.stringify({ access_token: 'at-\u00e9-\ud83d\udca5', refresh_token: 'rt-wide-0001' }),
      JSON.stringify({ access_token: 'at-\u0000' }),
      '{"access_token":"at-\\ud800"}',
      '{"__proto__":{"access_token":"at-proto-0001"}}',
      '{"constructor":{"access_token":"at-proto-0002"}}',
      '{"data":{"__proto__":{"access_token":"at-proto-0003"}}}',
      '"'.repeat(6_000_000),
    ),
    fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: 'binary', maxLength: 200 }),
  )
  .map((text) => ({ text, tokens: null }));

const bodies = fc.oneof(
  { weight: 2, arbitrary: given },
  { weight: 4, arbitrary: almost(VALID).map((text): Body => ({ text, tokens: null })) },
  { weight: 4, arbitrary: error },
  { weight: 2, arbitrary: noise },
);

const promised = ({ tokens }: Body, answer: HostileAnswer): TokenCase => ({
  answer,
  tokens: answer.whole && answer.status >= 200 && answer.status < 300 ? tokens : null,
});

/** An answer of a token endpoint; what it promises holds only when it arrives whole and says 2xx. */
export const tokenCase: fc.Arbitrary<TokenCase> = fc.oneof(
  {
    weight: 2,
    arbitrary: bodies.chain((body) => hostileAnswer(fc.constant(body.text)).map((answer) => promised(body, answer))),
  },
  // Mostly good news, in odd clothes: here a careless reader drops living tokens.
  {
    weight: 1,
    arbitrary: given.chain((body) =>
      hostileAnswer(fc.constant(body.text), fc.constant(200)).map((answer) => promised(body, answer)),
    ),
  },
);
