/**
 * The token endpoint's good answer, read tolerantly: names, nesting, types and units as apps send them.
 * Holds secrets: it never leaves the worker's memory unsealed.
 */
import { isFields, type TokenFields } from './read-token-body.js';

export interface TokenAnswer {
  accessToken: string;
  /** Null when the answer brought none or a blank one: the caller keeps the old one (promise 5). */
  refreshToken: string | null;
  /** Null when absent, null, zero, negative or not readable: the connector's policy decides. */
  expiresInSeconds: number | null;
  refreshExpiresInSeconds: number | null;
  /** As granted; null when the answer does not say (RFC 6749 section 5.1: then as requested). */
  scopes: string[] | null;
  /** Everything else that the app said, without any token. */
  raw: Record<string, unknown>;
  /** When the answer was received (epoch ms); lifetimes count from here. */
  receivedAt: number;
}

const ACCESS_TOKEN = ['access_token', 'accessToken', 'AccessToken'];
const REFRESH_TOKEN = ['refresh_token', 'refreshToken', 'RefreshToken'];
const EXPIRES = ['expires_in', 'expiresIn'];
const REFRESH_EXPIRES = [
  'refresh_token_expires_in',
  'refresh_expires_in',
  'x_refresh_token_expires_in',
  'refreshTokenExpiresIn',
];
const SCOPE = ['scope', 'scopes'];
/** Where apps nest the token: Yammer in `access_token`, Withings in `body`, TikTok in `data`, Slack in `authed_user`. */
const NESTS = ['data', 'body', 'result', 'response', 'credentials', 'authed_user', 'access_token', 'token'];

/** The answer in these fields, or null when they hold no access token. */
export function tokenAnswerOf(fields: TokenFields, receivedAt: number): TokenAnswer | null {
  const holder = findHolder(fields);
  if (!holder) return null;
  const { place, accessToken } = holder;
  const pick = (names: readonly string[]): unknown => firstOf(place, names) ?? firstOf(fields, names);
  return {
    accessToken,
    refreshToken: textOf(pick(REFRESH_TOKEN)),
    expiresInSeconds: secondsOf(pick(EXPIRES), receivedAt),
    refreshExpiresInSeconds: secondsOf(pick(REFRESH_EXPIRES), receivedAt),
    scopes: scopesOf(pick(SCOPE)),
    raw: withoutSecrets(fields),
    receivedAt,
  };
}

/** The answer as RFC 6749 section 5.1 has it, for openid-client. An id_token is left out: nobody has keys to check it, and nobody reads it. */
export function conformingBody(answer: TokenAnswer): string {
  return JSON.stringify({
    access_token: answer.accessToken,
    token_type: 'bearer',
    ...(answer.refreshToken === null ? {} : { refresh_token: answer.refreshToken }),
    ...(answer.expiresInSeconds === null ? {} : { expires_in: answer.expiresInSeconds }),
    ...(answer.scopes === null ? {} : { scope: answer.scopes.join(' ') }),
  });
}

/** What an access token is made of (RFC 6749 appendix A.12). Anything else cannot stand in a header: it is no token, and no renewal. */
const ACCESS_TOKEN_FORM = /^[\x20-\x7e]+$/;

function accessTokenOf(value: unknown): string | null {
  const text = textOf(value);
  return text !== null && ACCESS_TOKEN_FORM.test(text) ? text : null;
}

function findHolder(fields: TokenFields): { place: TokenFields; accessToken: string } | null {
  const direct = accessTokenOf(firstOf(fields, ACCESS_TOKEN));
  if (direct !== null) return { place: fields, accessToken: direct };
  for (const name of NESTS) {
    const place = fields[name];
    if (!isFields(place)) continue;
    // Yammer: `access_token.token`.
    const nested = accessTokenOf(firstOf(place, name === 'access_token' ? [...ACCESS_TOKEN, 'token'] : ACCESS_TOKEN));
    if (nested !== null) return { place, accessToken: nested };
  }
  return null;
}

function firstOf(fields: TokenFields, names: readonly string[]): unknown {
  for (const name of names) if (fields[name] !== undefined && fields[name] !== null) return fields[name];
  return undefined;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** Nothing that an app gives lives longer. A figure beyond it means nothing; as a date, or as a timer, it would break who reads it. */
const LONGEST_SECONDS = 100 * 365 * 86_400;

/** Seconds from now. Figures too large for a duration (30 years) are points in time, in seconds or milliseconds. */
function secondsOf(value: unknown, nowMs: number): number | null {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  if (!Number.isFinite(number) || number <= 0) return null;
  const seconds = number < 1e9 ? number : number < 1e11 ? number - nowMs / 1000 : (number - nowMs) / 1000;
  return seconds >= 1 && seconds <= LONGEST_SECONDS ? Math.floor(seconds) : null;
}

/** The actor's state holds the scopes, and Temporal keeps the state with every step: an answer with more says nothing that can be used. */
const SCOPES_MAX = 300;
const SCOPE_CHARACTERS_MAX = 300;

function scopesOf(value: unknown): string[] | null {
  const parts = Array.isArray(value)
    ? value.filter((part) => typeof part === 'string')
    : typeof value === 'string'
      ? value.split(/[\s,]+/)
      : [];
  const scopes = parts.map((part) => part.trim()).filter((part) => part !== '');
  const distinct = [...new Set(scopes)];
  const readable = distinct.length <= SCOPES_MAX && distinct.every((scope) => scope.length <= SCOPE_CHARACTERS_MAX);
  return distinct.length > 0 && readable ? distinct : null;
}

/** Facts lie near the top of an answer. What is nested deeper is left out: a walk as deep as an app likes would end on the stack, and the tokens with it. */
const RAW_DEPTH = 5;

/** A copy without texts or objects under names that hold secrets (`token_type` and numbers stay). */
function withoutSecrets(fields: TokenFields, depth = RAW_DEPTH): TokenFields {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name, value]) => typeof value === 'number' || name === 'token_type' || !SECRET_NAME.test(name))
      .map(([name, value]) => [name, withoutSecretsIn(value, depth - 1)]),
  );
}

const SECRET_NAME = /token|secret|signature|password|assertion|cookie|session/i;

function withoutSecretsIn(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return undefined;
  return Array.isArray(value)
    ? value.map((item) => withoutSecretsIn(item, depth - 1))
    : withoutSecrets(value as TokenFields, depth);
}
