/**
 * The `customFetch` under openid-client: sends by our socket and reads the answer tolerantly, before openid-client judges it.
 * The answer (or failure) is kept aside: once an app has given tokens, nothing that a library thinks of them may lose them.
 */
import type { CustomFetch } from 'openid-client';
import type { TokenErrorRule } from '#connector-sdk/manifest.js';
import { clockOf, type Http } from '#http/http.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import { errorWordOf, tokenErrorOf, type TokenGrant } from './token-error.js';
import { readTokenBody } from './read-token-body.js';
import { conformingBody, tokenAnswerOf, type TokenAnswer } from './token-answer.js';
import type { TokenFailure } from './token-failure.js';
import { SendBeforePassed, tokenFailureOfTransport } from './token-transport-failure.js';

export interface TokenFetchOptions {
  http: Http;
  grant: TokenGrant;
  format: 'form' | 'json';
  timeoutMs: number;
  sendBefore: number | undefined;
  onSent: (() => void) | undefined;
  signal: AbortSignal | undefined;
  /** The app's own errors. */
  rules?: readonly TokenErrorRule[] | undefined;
  /** Secrets in hand beside those that the request itself carries. */
  mask: SecretMask;
}

/** What came of the one request. */
export interface TokenOutcome {
  answer: TokenAnswer | null;
  failure: TokenFailure | null;
  /** Revocation only. */
  revoked: boolean;
  /** What ended the request before it went out and is no matter of transport (`address_refused`, an error of `onSent`). */
  thrown: unknown;
}

const JSON_TYPE = 'application/json';

/** Makes the fetch function and the place where its outcome is kept. */
export function createTokenFetch(options: TokenFetchOptions): { fetch: CustomFetch; outcome: TokenOutcome } {
  const outcome: TokenOutcome = { answer: null, failure: null, revoked: false, thrown: undefined };
  const fetch: CustomFetch = async (url, init) => {
    const response = await sendOnce(options, url, init, outcome);
    const mask = options.mask.with(secretsOf(init));
    const fields = readTokenBody(response.text);
    if (options.grant === 'revocation') {
      const { word } = errorWordOf(fields);
      // RFC 7009 section 2.2: an unknown token is as good as revoked; Salesforce says invalid_token with 400.
      outcome.revoked = (response.status >= 200 && response.status < 300) || word === 'invalid_token';
      if (outcome.revoked) return new Response(null, { status: 200 });
    } else if (fields && response.status >= 200 && response.status < 300) {
      outcome.answer = maskedAnswer(tokenAnswerOf(fields, response.at), init);
      if (outcome.answer)
        return new Response(conformingBody(outcome.answer), { status: 200, headers: { 'content-type': JSON_TYPE } });
    }
    outcome.failure = tokenErrorOf(response, fields, options.grant, mask, options.rules);
    const body = JSON.stringify({ error: outcome.failure.appError ?? 'server_error' });
    return new Response(body, { status: 400, headers: { 'content-type': JSON_TYPE } });
  };
  return { fetch, outcome };
}

async function sendOnce(
  options: TokenFetchOptions,
  url: string,
  init: Parameters<CustomFetch>[1],
  outcome: TokenOutcome,
) {
  const { http, format, timeoutMs, sendBefore, onSent, signal } = options;
  const now = clockOf(http);
  // A caller's cancellation counts until the first byte is out; from then on the answer must be waited for (docs/decisions.md, "Rotation").
  const cancel = new AbortController();
  const onAbort = (): void => cancel.abort();
  if (signal?.aborted) cancel.abort();
  signal?.addEventListener('abort', onAbort, { once: true });
  // Whoever waits for a connection that does not come leaves when nothing may go out any more, not when an answer would be late.
  const dialling = sendBefore === undefined ? undefined : setTimeout(onAbort, Math.max(0, sendBefore - now()));
  const onFirstByte = (): void => {
    if (sendBefore !== undefined && now() >= sendBefore) throw new SendBeforePassed();
    signal?.removeEventListener('abort', onAbort);
    clearTimeout(dialling);
    onSent?.();
  };
  try {
    const { body, headers } = encode(init, format);
    return await http.send({
      method: init.method,
      url,
      headers,
      body,
      timeoutMs,
      signal: cancel.signal,
      onFirstByte,
      freshConnection: true,
    });
  } catch (error) {
    outcome.failure = tokenFailureOfTransport(error, now());
    outcome.thrown = error;
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    clearTimeout(dialling);
  }
}

/** Parameters of a token request that are secrets. */
const SECRET_PARAMETERS = ['client_secret', 'code', 'code_verifier', 'refresh_token', 'token'];

/** Errors quote what they complain of at times; evidence is kept and shown. */
function secretsOf(init: Parameters<CustomFetch>[1]): SecretMask {
  const [, credentials] = /^\s*\S+\s+(\S+)/.exec(new Headers(init.headers).get('authorization') ?? '') ?? [];
  return SecretMask.of(...secretParameters(init), credentials);
}

function secretParameters(init: Parameters<CustomFetch>[1]): string[] {
  const parameters = formOf(init);
  return SECRET_PARAMETERS.flatMap((name) => parameters.getAll(name));
}

/** A client secret may be a word that somebody chose. In a good answer it must not spoil what else stands there, such as the instance's address. */
const NO_WORD = 16;

/** Scopes and further facts of a good answer go on to the actor: a token among them must not. */
function maskedAnswer(answer: TokenAnswer | null, init: Parameters<CustomFetch>[1]): TokenAnswer | null {
  if (!answer) return null;
  const sent = secretParameters(init).filter((secret) => secret.length >= NO_WORD);
  const mask = SecretMask.of(answer.accessToken, answer.refreshToken, ...sent);
  const raw = JSON.parse(mask.text(JSON.stringify(answer.raw))) as Record<string, unknown>;
  return { ...answer, raw, scopes: answer.scopes?.map((scope) => mask.text(scope)) ?? null };
}

function encode(
  init: Parameters<CustomFetch>[1],
  format: 'form' | 'json',
): { body: string; headers: Record<string, string> } {
  const parameters = formOf(init);
  if (format === 'form') return { body: parameters.toString(), headers: init.headers };
  return {
    body: JSON.stringify(Object.fromEntries(parameters)),
    headers: { ...init.headers, 'content-type': JSON_TYPE },
  };
}

/** openid-client sends forms only. */
function formOf(init: Parameters<CustomFetch>[1]): URLSearchParams {
  return init.body instanceof URLSearchParams
    ? init.body
    : new URLSearchParams(typeof init.body === 'string' ? init.body : '');
}
