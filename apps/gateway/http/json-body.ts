/** Body parsers: JSON with limits of size and depth; the form of the connect page, whose fields mean nothing. */
import type { FastifyInstance } from 'fastify';
import { quoteLongIntegers } from '#domain/exact-json.js';
import { ProblemError } from '../problems/problem-error.js';
import { crowdedBy } from './json-crowding.js';
import { isNestedDeeperThan } from './nesting-depth.js';

export const BODY_LIMIT_BYTES = 1_000_000;
export const DEPTH_LIMIT = 50;
/** No request of the contract comes near: a recipe at its limits has some ten thousand values. */
const CROWD_LIMITS = { entries: 1_000, values: 60_000 };

export function registerBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  // Refuses `__proto__` and `constructor.prototype` keys as well.
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
    (request, body, done) => {
      const bytes = body as Buffer;
      // An empty body is no body: POST without input may carry the header all the same.
      if (bytes.length === 0) return done(null, undefined);
      if (isNestedDeeperThan(bytes, DEPTH_LIMIT)) {
        return done(
          new ProblemError('too_large', `The body is nested deeper than ${DEPTH_LIMIT} levels.`, {
            cure: 'Send a flatter document.',
          }),
        );
      }
      const crowded = crowdedBy(bytes, CROWD_LIMITS);
      if (crowded !== null) return done(tooMany(crowded));
      const text = textOf(bytes);
      if (text === null) return done(notJson('The body is not UTF-8.'));
      // Fastify's types allow a promise; with a callback it gives none.
      void parse(request, quoteLongIntegers(text), (error, value) => {
        if (error) done(notJson('The body is not JSON.', error));
        else done(null, value);
      });
    },
  );
  fastify.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit: 10_000 },
    (_request, _body, done) => done(null, undefined),
  );
}

const tooMany = (what: keyof typeof CROWD_LIMITS): ProblemError =>
  new ProblemError(
    'too_large',
    what === 'entries'
      ? `A list or an object of the body has more than ${CROWD_LIMITS.entries} entries.`
      : `The body has more than ${CROWD_LIMITS.values} values.`,
    { cure: 'Send a smaller document.' },
  );

/** Null for bytes that are no UTF-8 (RFC 8259 section 8.1): read all the same, they would come back as other text than was sent. */
function textOf(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const notJson = (detail: string, cause?: unknown): ProblemError =>
  new ProblemError('request_invalid', detail, { cure: 'Send one JSON document in UTF-8.' }, { pointer: '', cause });
