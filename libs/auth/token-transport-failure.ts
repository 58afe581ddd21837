/** What it means for the tokens when no answer came. */
import { isTransportError } from '#http/transport-error.js';
import { TokenFailure } from './token-failure.js';

/** The send-before passed and nothing has gone out: thrown into the socket at the last moment, or by the clock while it dials. */
export class SendBeforePassed extends Error {
  override readonly name = 'SendBeforePassed';
}

/** The TokenFailure of a request that brought no answer; null when the thrown thing is no matter of transport. */
export function tokenFailureOfTransport(error: unknown, at: number): TokenFailure | null {
  const base = { kind: 'transient', code: 'token_endpoint_unavailable', cause: error } as const;
  if (error instanceof SendBeforePassed) {
    return new TokenFailure({
      ...base,
      // Our own slowness; the token endpoint has not been asked.
      code: 'temporarily_unavailable',
      message: 'The token request was not sent: its time had passed.',
      mayHaveBeenProcessed: false,
      evidence: { at, appCode: 'not_sent' },
    });
  }
  if (!isTransportError(error)) return null;
  return new TokenFailure({
    ...base,
    message: error.message,
    mayHaveBeenProcessed: error.phase === 'after_first_byte',
    evidence: { at, appMessage: error.message },
  });
}
