/** Headers of every answer; pages set a Content-Security-Policy of their own. */
import type { FastifyInstance } from 'fastify';

const HEADERS: Readonly<Record<string, string>> = {
  // An API answer is never a page: whatever a browser makes of it, it may load and run nothing.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** Swagger UI: its scripts are files of ours, its styles are partly inline. */
const DOCS_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

export function addSecurityHeaders(fastify: FastifyInstance, publicUrl: string): void {
  const secure = new URL(publicUrl).protocol === 'https:';
  fastify.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    if (secure) reply.header('strict-transport-security', 'max-age=31536000');
    if (/^\/docs(\/|$)/.test(request.url)) reply.header('content-security-policy', DOCS_POLICY);
  });
}
