/**
 * What an endpoint is: method, path, zod request, zod response, error codes. Gateway, web and tests read the same file.
 * All times on the wire are epoch milliseconds; all JSON.
 */
import type { z } from 'zod';
import type { ErrorCode } from '#domain/errors.js';

export interface EndpointSpec {
  /** Unique name; operation id of the OpenAPI document. */
  operationId: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With `:name` for parameters: `/v1/connections/:id`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  /** `key`: `Authorization: Bearer hk_...` is needed, and the workspace is the key's. */
  auth: 'key' | 'none';
  /** A creation: an `Idempotency-Key` header makes repeats finish the same thing instead of making a second one. */
  idempotent?: boolean;
  params?: z.ZodObject;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Status of the happy answer. */
  status: 200 | 201 | 202 | 204 | 303;
  /** Left out when the answer has no JSON body. */
  response?: z.ZodType;
  produces?: 'application/json' | 'text/html' | 'text/event-stream';
  /** Pages for a person whose browser is refused: status -> when. Everything else is refused with a problem document. */
  pages?: Readonly<Record<number, string>>;
  /** Codes of its own; those that any endpoint may answer with are added by `errorsOf`. */
  errors: readonly ErrorCode[];
}

/** Declares an endpoint and keeps its exact types. */
export const defineEndpoint = <const E extends EndpointSpec>(endpoint: E): E => endpoint;

type Inferred<S> = S extends z.ZodType ? z.infer<S> : undefined;
/** What the handler gets after parsing (defaults filled in). */
export type ParamsOf<E extends EndpointSpec> = Inferred<E['params']>;
export type QueryOf<E extends EndpointSpec> = Inferred<E['query']>;
export type BodyOf<E extends EndpointSpec> = Inferred<E['body']>;
export type ResponseOf<E extends EndpointSpec> = Inferred<E['response']>;

/** Health is asked often and costs nothing that could be exhausted: it is neither counted nor looked up. */
const isHealth = ({ path }: EndpointSpec): boolean => path.startsWith('/health/');

/** Every code with which an endpoint may answer: its own, and those that come with key, body and time. */
export function errorsOf(endpoint: EndpointSpec): ErrorCode[] {
  const codes = new Set<ErrorCode>(endpoint.errors);
  if (endpoint.auth === 'key') codes.add('unauthenticated');
  if (!isHealth(endpoint))
    for (const code of ['too_many_requests', 'temporarily_unavailable', 'payload_key_missing'] as const)
      codes.add(code);
  if (endpoint.params || endpoint.query || endpoint.body) codes.add('request_invalid');
  // A body is read wherever one may be sent, whether the endpoint wants it or not.
  if (endpoint.method !== 'GET') for (const code of ['request_invalid', 'too_large'] as const) codes.add(code);
  if (endpoint.idempotent) for (const code of ['idempotency_key_reused', 'conflict'] as const) codes.add(code);
  for (const code of ['host_refused', 'internal'] as const) codes.add(code);
  return [...codes];
}

/** The path with its parameters filled in: `pathOf(getConnection, { id })`. */
export function pathOf(endpoint: EndpointSpec, params: Record<string, string> = {}): string {
  return endpoint.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${endpoint.operationId} needs the path parameter "${name}".`);
    return encodeURIComponent(value);
  });
}
