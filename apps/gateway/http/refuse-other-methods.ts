/** A known path with a method that it does not have: 405 with the methods that it has (RFC 9110 section 15.5.6), not "no such endpoint". */
import type { FastifyInstance } from 'fastify';
import { ENDPOINTS } from '#contract/endpoints.js';
import { ProblemError } from '../problems/problem-error.js';

/** Documents that are no endpoints of the contract. */
const DOCUMENTS = [/^\/openapi\.json$/, /^\/docs(\/.*)?$/];

const patterns = ENDPOINTS.map(({ method, path }) => ({
  method,
  // One segment for each parameter; our paths hold no sign that means something in a pattern.
  pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`),
}));

/** The methods of a path as it stands in the request line; none for an unknown path. */
export function methodsOf(url: string): string[] {
  const path = url.split('?', 1)[0] ?? '';
  const named = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }): string => method);
  const methods = new Set(DOCUMENTS.some((pattern) => pattern.test(path)) ? ['GET', ...named] : named);
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}

/** To be installed behind the check of the key: whoever has none learns nothing of what there is. */
export function refuseOtherMethods(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    const methods = methodsOf(request.url);
    if (methods.length === 0) return;
    const allow = methods.join(', ');
    void reply.header('allow', allow);
    throw new ProblemError('method_not_allowed', `This path has no ${request.method}. It has: ${allow}.`, {
      cure: 'Use one of these methods; /docs lists the endpoints.',
    });
  });
}
