import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayLog } from '../ports.js';
import { toProblem } from './to-problem.js';

/** Answers a failed request. Server faults are logged with their cause under the id that `instance` names. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, failure: unknown, log: GatewayLog): void {
  const { problem, headers } = toProblem(failure, request.id);
  if (problem.status >= 500) log.failed(request.id, problem.code, failure);
  if (reply.sent) return;
  void reply
    .code(problem.status)
    .headers(headers)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}
