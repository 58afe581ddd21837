/**
 * What a log says of an error: type, code, where it was thrown, and its message only where the message is ours. The words of an app, a
 * tenant's data in a parser's complaint, and members that a library hangs on its errors stay out: they name people. The words themselves
 * are kept in the encrypted state, where a person reads them.
 */
import { ERROR_CODES, errorClass, isErrorCode, type Evidence } from '#domain/errors.js';
import { loggedEvidence, type LoggedEvidence } from './logged-evidence.js';

export interface LoggedError {
  type: string;
  code?: string | number;
  message: string;
  /** Frames without the message. */
  stack?: string;
  evidence?: LoggedEvidence;
  cause?: LoggedError | string;
}

const MOST_CAUSES = 8;

export function loggedError(error: unknown, depth = 0): LoggedError | string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : `(${typeof error})`;
  const { name, code, cause } = error as Error & { code?: unknown };
  const evidence = evidenceOf(error);
  const stack = framesOf(error);
  return {
    type: name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: messageOf(error, evidence),
    ...(stack === '' ? {} : { stack }),
    ...(evidence ? { evidence: loggedEvidence(evidence) } : {}),
    ...(cause === undefined || depth >= MOST_CAUSES ? {} : { cause: loggedError(cause, depth + 1) }),
  };
}

/** Parsers quote what they could not read. */
const QUOTING = new Set(['SyntaxError', 'ZodError', 'AggregateError']);
/** Their details are ours: keys, parts, addresses of our own servers. */
const OWN_DETAILS = new Set(['wait_for_operator', 'retry']);

function messageOf(error: Error, evidence: Evidence | undefined): string {
  const code = codeOf(error);
  if (code) {
    const ours = OWN_DETAILS.has(errorClass(code)) && evidence?.appMessage === undefined;
    return ours ? error.message : ERROR_CODES[code].text;
  }
  return QUOTING.has(error.name) ? '(left out: it quotes what was read)' : error.message;
}

/** Our own code: of an error of ours, or the type of a failure that came through Temporal. */
function codeOf(error: Error): keyof typeof ERROR_CODES | null {
  const { code, type } = error as { code?: unknown; type?: unknown };
  return isErrorCode(code) ? code : isErrorCode(type) ? type : null;
}

function evidenceOf(error: Error): Evidence | undefined {
  const { evidence, options } = error as { evidence?: Evidence; options?: { evidence?: Evidence } };
  return evidence ?? options?.evidence;
}

function framesOf({ stack, message }: Error): string {
  const at = stack?.startsWith('    at ')
    ? 0
    : (stack?.indexOf('\n    at ', stack.indexOf(message) + message.length) ?? -1);
  return at < 0 ? '' : stack!.slice(at).trim();
}
