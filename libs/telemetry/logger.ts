/** Logs: one JSON object a line to stdout, without secrets. */
import { destination, pino, stdTimeFunctions, type Logger } from 'pino';
import { redactSecrets } from '#domain/redact.js';
import { loggedError } from './logged-error.js';

export type { Logger };

export interface LoggerOptions {
  /** Which process writes: `gateway`, `worker`, … */
  service: string;
  /** Default: HAWSER_LOG_LEVEL, else `info`. `silent` writes nothing. */
  level?: string;
  /** Where lines go; default stdout. Tests give their own. */
  write?: (line: string) => void;
}

/** Members that are never logged, whatever they hold. */
const SECRET_MEMBERS = [
  'authorization',
  'cookie',
  'accessToken',
  'refreshToken',
  'idToken',
  'clientSecret',
  'codeVerifier',
  'verifier',
  'password',
  'secret',
  'apiKey',
  'sealed',
  'sealedSecret',
  'sealedCode',
  'sealedVerifier',
  'plaintext',
];
const SECRET_PATHS = [
  ...SECRET_MEMBERS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  'req.headers',
  'headers.authorization',
  'headers.cookie',
  '*.headers["set-cookie"]',
];

/**
 * Makes the logger of a process. Two nets: members with known names are replaced, and each finished line passes
 * `redactSecrets`, so that a token inside a message or a stack of a foreign error does not get out either.
 */
export function createLogger({ service, level, write }: LoggerOptions): Logger {
  const out = write ?? stdout();
  return pino(
    {
      level: level ?? (process.env['HAWSER_LOG_LEVEL']?.trim() || 'info'),
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: loggedError, error: loggedError },
      redact: { paths: SECRET_PATHS, censor: '[redacted]' },
    },
    { write: (line: string) => out(redactSecrets(line)) },
  );
}

function stdout(): (line: string) => void {
  // Synchronous: the lines before a crash are the ones that are needed.
  const stream = destination({ fd: 1, sync: true });
  return (line) => void stream.write(line);
}
