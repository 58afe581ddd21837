/** What is no HTTP request never reaches a route: Node's parser refuses it, and this answers in its stead. */
import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../problems/problem-error.js';
import { toProblem } from '../problems/to-problem.js';

type Socket = FastifyRequest['raw']['socket'];

const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 413: 'Content Too Large' };
const CURE = { cure: 'Send well-formed HTTP/1.1 (RFC 9112).' };

/** One problem document, then the connection is closed: nobody can tell where the next request on it would begin (RFC 9112 section 2.2). */
export function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (socket.destroyed || error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  const { problem } = toProblem(failureOf(error.code), randomUUID());
  const body = JSON.stringify(problem);
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${REASONS[problem.status] ?? ''}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function failureOf(code: string | undefined): ProblemError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new ProblemError('too_large', 'The request line and the headers are longer than 16 KB.', {
      cure: 'Send a shorter address and fewer headers.',
    });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ProblemError('request_invalid', 'The request did not arrive in time.', {
      cure: 'Send it again, whole.',
    });
  return new ProblemError('request_invalid', 'These bytes are no well-formed HTTP request.', CURE);
}

/** An earlier request on this connection is still being answered: a second answer now would be taken for its own. */
function isAnswering(socket: Socket): boolean {
  const { _httpMessage: message } = socket as Socket & { _httpMessage?: FastifyReply['raw'] | null };
  return message !== undefined && message !== null && (message.headersSent || message.req.complete);
}
