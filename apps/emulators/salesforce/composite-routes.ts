import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Row } from '../core/org.js';
import { requireAccess } from './access.js';
import { SalesforceError } from './api-error.js';
import { snapshotOf } from './record-snapshot.js';
import { sobjects } from './schema/objects.js';
import type { Site } from './site.js';

interface Subrequest {
  method: string;
  url: string;
  referenceId?: string;
  body?: unknown;
  httpHeaders?: Record<string, string>;
}

interface Subresponse {
  body: unknown;
  httpHeaders: Record<string, string>;
  httpStatusCode: number;
  referenceId: string | undefined;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
const limit = 25;

async function run(
  server: FastifyInstance,
  request: FastifyRequest,
  sub: Subrequest,
  url: string,
  body: unknown,
): Promise<Subresponse> {
  const answer = await server.inject({
    method: sub.method as Method,
    url,
    headers: {
      host: request.headers.host ?? '',
      authorization: request.headers.authorization ?? '',
      'user-agent': request.headers['user-agent'] ?? '',
      ...sub.httpHeaders,
    },
    ...(body === undefined || body === null ? {} : { payload: body as object }),
  });
  const location = answer.headers.location;
  return {
    body: answer.body === '' ? null : JSON.parse(answer.body),
    httpHeaders: typeof location === 'string' ? { Location: location } : {},
    httpStatusCode: answer.statusCode,
    referenceId: sub.referenceId,
  };
}

/** `@{NewAccount.id}`, `@{Found.records[0].Id}`: values of earlier answers. */
function resolved(text: string, answers: Map<string, unknown>): string {
  return text.replace(/@\{(\w+)((?:\.\w+|\[\d+\])*)\}/g, (whole, name: string, path: string) => {
    let value = answers.get(name);
    for (const [, key, index] of path.matchAll(/\.(\w+)|\[(\d+)\]/g))
      value = (value as Record<string, unknown> | null | undefined)?.[key ?? index ?? ''];
    if (value === undefined || value === null) {
      throw new SalesforceError(
        400,
        'PROCESSING_HALTED',
        `Invalid reference specified. No value for ${whole} found in ${name}. For detailed information on the invalid reference, see the Composite API guide`,
      );
    }
    return String(value);
  });
}

function subrequests(request: FastifyRequest, name: 'compositeRequest' | 'batchRequests'): Subrequest[] {
  const list = (request.body as Record<string, unknown> | null)?.[name];
  if (!Array.isArray(list)) throw new SalesforceError(400, 'JSON_PARSER_ERROR', `${name} is required`);
  if (list.length > limit)
    throw new SalesforceError(400, 'LIMIT_EXCEEDED', `The request can have at most ${limit} subrequests`);
  return list as Subrequest[];
}

async function composite(
  server: FastifyInstance,
  site: Site,
  request: FastifyRequest,
): Promise<{ compositeResponse: Subresponse[] }> {
  requireAccess(site, request);
  const subs = subrequests(request, 'compositeRequest');
  const allOrNone = (request.body as Row).allOrNone === true;
  const takeBack = snapshotOf(
    site.org,
    sobjects.filter((object) => object.writable).map((object) => object.name),
  );
  const answers = new Map<string, unknown>();
  const done: Subresponse[] = [];
  for (const sub of subs) {
    let answer: Subresponse;
    try {
      const body =
        sub.body === undefined ? undefined : (JSON.parse(resolved(JSON.stringify(sub.body), answers)) as unknown);
      answer = await run(server, request, sub, resolved(sub.url, answers), body);
    } catch (error) {
      if (!(error instanceof SalesforceError)) throw error;
      answer = { body: error.rows, httpHeaders: {}, httpStatusCode: error.status, referenceId: sub.referenceId };
    }
    if (sub.referenceId !== undefined && answer.httpStatusCode < 300) answers.set(sub.referenceId, answer.body);
    done.push(answer);
    if (allOrNone && answer.httpStatusCode >= 300) {
      takeBack();
      return { compositeResponse: subs.map((one, i) => (i === done.length - 1 ? answer : halted(one))) };
    }
  }
  return { compositeResponse: done };
}

function halted(sub: Subrequest): Subresponse {
  const message = 'The transaction was rolled back since another operation in the same transaction failed.';
  return {
    body: [{ errorCode: 'PROCESSING_HALTED', message }],
    httpHeaders: {},
    httpStatusCode: 400,
    referenceId: sub.referenceId,
  };
}

async function batch(
  server: FastifyInstance,
  site: Site,
  request: FastifyRequest,
): Promise<{ hasErrors: boolean; results: { statusCode: number; result: unknown }[] }> {
  requireAccess(site, request);
  const results: { statusCode: number; result: unknown }[] = [];
  const halt = (request.body as Row).haltOnError === true;
  for (const sub of subrequests(request, 'batchRequests') as (Subrequest & { richInput?: unknown })[]) {
    if (halt && results.some((one) => one.statusCode >= 300)) {
      results.push({
        statusCode: 412,
        result: [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }],
      });
      continue;
    }
    const path = sub.url.replace(/^\/?(services\/data\/)?/, '/services/data/');
    const answer = await run(server, request, sub, path, sub.richInput);
    results.push({ statusCode: answer.httpStatusCode, result: answer.body });
  }
  return { hasErrors: results.some((one) => one.statusCode >= 300), results };
}

/** Several requests in one; each is also logged and counted by itself. */
export function addCompositeRoutes(server: FastifyInstance, site: Site): void {
  server.post('/services/data/:version/composite', async (request) => composite(server, site, request));
  server.post('/services/data/:version/composite/batch', async (request) => batch(server, site, request));
}
