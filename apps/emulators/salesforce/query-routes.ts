import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org, Row } from '../core/org.js';
import type { User } from '../core/types.js';
import { requireAccess } from './access.js';
import { SalesforceError } from './api-error.js';
import { makeId } from './ids.js';
import type { Site } from './site.js';
import { parseQuery } from './soql/parser.js';
import { runQuery } from './soql/run-query.js';

interface Cursor {
  username: string;
  records: Row[];
  pageSize: number;
}

/** Open cursors, in memory: a restarted org knows none of them (INVALID_QUERY_LOCATOR), as with real ones after two days. */
export type Cursors = Map<string, Cursor>;

const defaultPageSize = 2_000;
const keptCursors = 200;

function pageSizeOf(request: FastifyRequest): number {
  const asked = /batchSize\s*=\s*(\d+)/i.exec(String(request.headers['sforce-query-options'] ?? ''))?.[1];
  return asked === undefined ? defaultPageSize : Math.min(2_000, Math.max(200, Number(asked)));
}

function page(cursors: Cursors, version: string, locator: string, from: number): Row {
  const cursor = cursors.get(locator);
  if (!cursor) throw invalidLocator();
  const records = cursor.records.slice(from, from + cursor.pageSize);
  const next = from + cursor.pageSize;
  const done = next >= cursor.records.length;
  const more = done ? {} : { nextRecordsUrl: `/services/data/${version}/query/${locator}-${next}` };
  return { totalSize: cursor.records.length, done, ...more, records };
}

function invalidLocator(): SalesforceError {
  return new SalesforceError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
}

function open(cursors: Cursors, org: Org, cursor: Cursor): string {
  const locator = makeId('01g', org);
  cursors.set(locator, cursor);
  for (const old of cursors.keys()) {
    if (cursors.size <= keptCursors) break;
    cursors.delete(old);
  }
  return locator;
}

function answer(
  site: Site,
  cursors: Cursors,
  request: FastifyRequest,
  user: User,
  version: string,
  withDeleted: boolean,
): Row {
  const q = (request.query as Record<string, string>).q;
  if (!q) throw new SalesforceError(400, 'MALFORMED_QUERY', 'A query string has to be specified');
  const query = parseQuery(q);
  const result = runQuery({ org: site.org, user, version, withDeleted }, query);
  if (query.countOnly) return { totalSize: result.rows.length, done: true, records: [] };
  if (result.aggregate) return { totalSize: 1, done: true, records: [result.aggregate] };
  const records = result.rows.map((row) => result.shape(row));
  const pageSize = pageSizeOf(request);
  if (records.length <= pageSize) return { totalSize: records.length, done: true, records };
  return page(cursors, version, open(cursors, site.org, { username: user.username, records, pageSize }), 0);
}

export function addQueryRoutes(server: FastifyInstance, site: Site, cursors: Cursors): void {
  type Asked = FastifyRequest<{ Params: { version: string; locator: string } }>;
  const start = async (request: Asked, reply: FastifyReply, withDeleted: boolean): Promise<FastifyReply> => {
    const { user } = requireAccess(site, request);
    return reply.send(answer(site, cursors, request, user, request.params.version, withDeleted));
  };
  const more = async (request: Asked, reply: FastifyReply): Promise<FastifyReply> => {
    const { user } = requireAccess(site, request);
    const [, locator = '', from] = /^(.+?)(?:-(\d+))?$/.exec(request.params.locator) ?? [];
    if (cursors.get(locator)?.username !== user.username) throw invalidLocator();
    return reply.send(page(cursors, request.params.version, locator, Number(from ?? 0)));
  };
  const base = '/services/data/:version';
  server.get<{ Params: { version: string; locator: string } }>(`${base}/query`, async (request, reply) =>
    start(request, reply, false),
  );
  server.get<{ Params: { version: string; locator: string } }>(`${base}/queryAll`, async (request, reply) =>
    start(request, reply, true),
  );
  for (const path of ['query', 'queryAll']) {
    server.get<{ Params: { version: string; locator: string } }>(`${base}/${path}/:locator`, async (request, reply) =>
      more(request, reply),
    );
  }
}
