/** Names what Node or undici threw. The names are for people and logs; decisions hang on the phase alone. */
import type { TransportCode } from './transport-error.js';

const BY_CODE: Record<string, TransportCode> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  ETIMEDOUT: 'connect_timeout',
  UND_ERR_INVALID_ARG: 'bad_request',
  UND_ERR_HEADERS_OVERFLOW: 'bad_response',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  EPROTO: 'tls',
};

/** The transport code of a low-level error. */
export function transportCodeOf(error: unknown): TransportCode {
  const { code, name } = lowLevel(error);
  const known = BY_CODE[code];
  if (known) return known;
  // OpenSSL's verify errors have names such as DEPTH_ZERO_SELF_SIGNED_CERT, CERT_HAS_EXPIRED, UNABLE_TO_VERIFY_LEAF_SIGNATURE.
  if (/^ERR_(TLS|SSL)|CERT|UNABLE_TO_/.test(code)) return 'tls';
  // llhttp's errors: HPE_INVALID_CONSTANT and its like.
  if (name === 'HTTPParserError' || code.startsWith('HPE_')) return 'bad_response';
  return 'reset';
}

/** A cause without the bytes that a parser error carries (they are the app's answer, perhaps with tokens). */
export function harmlessCause(error: unknown): Error {
  const { code, name, message } = lowLevel(error);
  return new Error([name, code, message].filter(Boolean).join(' '));
}

// By shape, not by class: Node's own errors are no instances of this realm's Error inside a test sandbox.
function lowLevel(error: unknown): { code: string; name: string; message: string } {
  const whole = (error ?? {}) as { errors?: unknown };
  // Happy Eyeballs reports several errors in one; the first says why.
  const first = (Array.isArray(whole.errors) && whole.errors.length > 0 ? (whole.errors[0] ?? {}) : whole) as Record<
    string,
    unknown
  >;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { code: text(first.code), name: text(first.name), message: text(first.message) };
}
