import type { FastifyInstance } from 'fastify';

/** JSON as vendors take it: an empty body with a JSON content type (many clients send that with DELETE) is simply no body. */
export function addJsonParser(server: FastifyInstance): void {
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser(/^application\/(?:[\w.-]+\+)?json/, { parseAs: 'string' }, (_, text, done) => {
    if (String(text).trim() === '') return done(null, null);
    try {
      return done(null, JSON.parse(String(text)));
    } catch (error) {
      return done(Object.assign(error as Error, { statusCode: 400 }), undefined);
    }
  });
}
