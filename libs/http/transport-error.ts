/** A request that brought no answer. The phase decides whether it may be sent again (docs/decisions.md, promise 10). */

/** `before_first_byte`: surely not received by the app. `after_first_byte`: it may have been processed. */
export type TransportPhase = 'before_first_byte' | 'after_first_byte';

export type TransportCode =
  | 'refused'
  | 'dns'
  | 'connect_timeout'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'aborted'
  | 'response_too_large'
  | 'bad_response'
  | 'bad_request';

export class TransportError extends Error {
  override readonly name = 'TransportError';

  /** `message` names method and host, never a query or a path (they may carry secrets). */
  constructor(
    readonly phase: TransportPhase,
    readonly code: TransportCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Whether a thrown thing is a TransportError (by name: also across module copies). */
export function isTransportError(error: unknown): error is TransportError {
  return (error as Error | null)?.name === 'TransportError';
}

/** How a request is named in errors and logs: method, scheme and host; paths and queries may carry secrets. */
export function describeTarget(method: string, url: URL): string {
  return `${method.toUpperCase()} ${url.protocol}//${url.host}`;
}
