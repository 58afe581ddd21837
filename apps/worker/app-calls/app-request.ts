/** One request to an app: built from scratch each time, sent through the only socket out, judged by the connector. */
import type { SecretMask } from '#telemetry/secret-mask.js';
import type { AppRequest, AppResponse, Classification, Connector } from '#connector-sdk/connector.js';
import { isIdempotent } from '#connector-sdk/classified-error.js';
import { leadsElsewhere } from '#connector-sdk/leads-elsewhere.js';
import { ERROR_CODES, HawserError, type ErrorCode } from '#domain/errors.js';
import { parseExact } from '#domain/exact-json.js';
import type { Http } from '#http/http.js';
import { isTransportError, type TransportError } from '#http/transport-error.js';
import { temporalNow } from '../temporal-time.js';

/** R: no request outlives this, in milliseconds. */
export const REQUEST_MS = 60_000;

/** What is read of a description, in bytes: it comes whole or not at all. Of any other answer as much as `createHttp` says. */
const LONGEST_ANSWER = 25_000_000;

/** Levels of lists and objects within each other; a describe of Salesforce has four. */
const DEEPEST_ANSWER = 100;

export interface AppSend {
  http: Http;
  connector: Connector;
  instanceUrl: string;
  accessToken: string;
  /** What no answer may carry further, by value. */
  mask: SecretMask;
  request: AppRequest;
  timeoutMs: number;
  /** The first byte must leave before this moment (epoch ms), or nothing is sent. */
  sendBefore?: number;
  signal?: AbortSignal;
}

/** Whether it may change something at the app. */
export const isWrite = (request: AppRequest): boolean => request.method !== 'GET';

/** Whether a request that failed without an answer may have reached the app. */
export const mayHaveArrived = (error: unknown): boolean =>
  error instanceof HawserError &&
  isTransportError(error.options.cause) &&
  error.options.cause.phase === 'after_first_byte';

/**
 * The address of a request. A connector may name an absolute one, but the access token goes to its own instance only:
 * throws `address_refused` for any other origin, and `app_rejected_request` for a path that leads out of itself.
 */
export function requestUrl(instanceUrl: string, request: AppRequest): string {
  const base = instanceUrl.replace(/\/+$/, '');
  const absolute = /^https?:\/\//i.test(request.path);
  if (leadsElsewhere(absolute ? request.path.replace(/^https?:\/\/[^/?#]*/i, '') : request.path))
    throw new HawserError(
      'app_rejected_request',
      'The request was not sent: a record id or a name in its path (such as "..") would lead to another address.',
    );
  const url = new URL(absolute ? request.path : `${base}/${request.path.replace(/^\/+/, '')}`);
  if (url.origin !== new URL(base).origin) {
    throw new HawserError(
      'address_refused',
      `The app names an address outside of its instance (${url.origin}); the access token is not sent there.`,
    );
  }
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  return url.href;
}

/** Sends it once. Throws HawserError when no answer came (by phase and idempotence); any answer is returned with its judgement. */
export async function sendToApp(send: AppSend): Promise<{ response: AppResponse; judged: Classification }> {
  const { connector, request } = send;
  const type: Record<string, string> = request.json === undefined ? {} : { 'content-type': 'application/json' };
  const headers = connector.authorize({ accept: 'application/json', ...type, ...request.headers }, send.accessToken);
  const url = requestUrl(send.instanceUrl, request);
  try {
    const answer = await send.http.send({
      method: request.method,
      url,
      headers,
      timeoutMs: Math.min(send.timeoutMs, REQUEST_MS),
      ...(request.longAnswer ? { maxResponseBytes: LONGEST_ANSWER } : {}),
      // A kept connection may be closed by the server at the very moment of sending: then nobody knows whether a write was done.
      freshConnection: !isIdempotent(request),
      ...(send.sendBefore === undefined ? {} : { onFirstByte: () => inTime(send.sendBefore) }),
      ...(request.json === undefined ? {} : { body: JSON.stringify(request.json) }),
      ...(send.signal ? { signal: send.signal } : {}),
    });
    // Here and not where evidence is made: a connector cuts texts short and reads values out of them, and those go on to Temporal.
    const text = send.mask.text(answer.text);
    const response: AppResponse = {
      ...answer,
      headers: send.mask.headers(answer.headers),
      text,
      json: parseJson(text),
    };
    return { response, judged: connector.classify(request, response) };
  } catch (error) {
    throw isTransportError(error) ? transportFailure(request, error) : error;
  }
}

/** A worker that was paused must not send what the job has given up meanwhile. */
function inTime(sendBefore = Number.POSITIVE_INFINITY): void {
  if (temporalNow() < sendBefore) return;
  throw new HawserError('temporarily_unavailable', 'Nothing was sent: the worker stood still for too long. We repeat.');
}

/** What is no JSON, or nests so deep that nobody could write it down again (JSON.stringify is recursive), is no answer. */
function parseJson(text: string): unknown {
  try {
    const value = parseExact(text);
    return isDeeperThan(DEEPEST_ANSWER, value) ? null : value;
  } catch {
    return null;
  }
}

/** Level by level, not by recursion. */
function isDeeperThan(limit: number, value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= limit; depth += 1) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (level.length === 0) return false;
  }
  return true;
}

/** No answer: before the first byte nothing has happened; after it, only an idempotent request may be sent again (promise 10). */
function transportFailure(request: AppRequest, error: TransportError): HawserError {
  const said = `${error.message} (${error.code})`;
  if (error.code === 'bad_request') return new HawserError('app_rejected_request', said, { cause: error });
  if (error.code === 'response_too_large') return tooLarge(request, said, error);
  if (error.phase === 'before_first_byte' || isIdempotent(request))
    return new HawserError('app_unavailable', `${ERROR_CODES.app_unavailable.text} ${said}`, { cause: error });
  return new HawserError('outcome_unknown', `${ERROR_CODES.outcome_unknown.text} ${said}`, { cause: error });
}

/** The app has answered; the limit is ours. A write that must not be sent twice was done, and what it made is not known. */
function tooLarge(request: AppRequest, said: string, error: TransportError): HawserError {
  const code: ErrorCode = isIdempotent(request) ? 'answer_too_large' : 'outcome_unknown';
  const limit = `${ERROR_CODES.answer_too_large.text} ${said}`;
  const detail = code === 'answer_too_large' ? limit : `The app has answered, but what is not known. ${limit}`;
  return new HawserError(code, detail, { cause: error });
}
