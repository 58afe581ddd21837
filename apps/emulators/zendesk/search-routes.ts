import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Org, Row } from '../core/org.js';
import { requireCaller, requireRole } from './access.js';
import { invalidValue, ZendeskError } from './api-error.js';
import { countRequest } from './rate-limit.js';
import { organizations, shownOrganization } from './organization-store.js';
import { listAnswer } from './paging.js';
import { apiUrl, type Site } from './site.js';
import { shownTicket } from './ticket-routes.js';

type Test = (row: Row) => boolean;

/** `type:organization name:acme created>2026-01-01 "free words"`: the words of a search, as tests of one row. */
export function searchTests(query: string): { type: string | null; tests: Test[] } {
  let type: string | null = null;
  const tests: Test[] = [];
  for (const match of query.matchAll(/(?:(-?)(\w+)([:<>]=?))?(?:"([^"]*)"|(\S+))/g)) {
    const [, minus = '', name, sign = ':', quoted, bare = ''] = match;
    const value = (quoted ?? bare).toLowerCase();
    if (name === 'type') {
      type = value;
      continue;
    }
    const test =
      name === undefined
        ? (row: Row): boolean => JSON.stringify(row).toLowerCase().includes(value)
        : valueTest(name, sign, value);
    tests.push(minus === '-' ? (row) => !test(row) : test);
  }
  return { type, tests };
}

function valueTest(name: string, sign: string, value: string): Test {
  const key = name === 'created' ? 'created_at' : name === 'updated' ? 'updated_at' : name;
  return (row) => {
    const stored = row[key] ?? (row.organization_fields as Row | undefined)?.[key];
    if (value === 'none') return stored === null || stored === undefined || stored === '';
    if (Array.isArray(stored)) return stored.some((one) => String(one).toLowerCase() === value);
    const text = String(stored ?? '').toLowerCase();
    if (sign === ':')
      return value.endsWith('*')
        ? text.startsWith(value.slice(0, -1))
        : key.endsWith('_at')
          ? text.startsWith(value)
          : text === value;
    if (sign === '>') return text > value;
    if (sign === '<') return text < value;
    return sign === '>=' ? text >= value : text <= value;
  };
}

function found(org: Org, query: string): Row[] {
  const { type, tests } = searchTests(query);
  const rows = [
    ...(type === null || type === 'organization'
      ? organizations(org).map((row): Row => ({ ...row, result_type: 'organization' }))
      : []),
    ...(type === null || type === 'ticket'
      ? org
          .records('tickets')
          .values()
          .map((row): Row => ({ ...row, result_type: 'ticket' }))
      : []),
  ];
  return rows.filter((row) => tests.every((test) => test(row)));
}

function search(site: Site, request: FastifyRequest): Row {
  requireRole(requireCaller(site, request, 'organizations', 'read'), 'agent', 'admin');
  const { query } = request.query as { query?: string };
  if (!query) throw new ZendeskError(422, { error: 'InvalidQuery', description: 'Query cannot be blank' });
  const url = apiUrl(site, request);
  const shape = (row: Row): Row => (row.result_type === 'ticket' ? shownTicket(row, url) : shownOrganization(row, url));
  return {
    ...listAnswer(request, { name: 'results', rows: found(site.org, query), url: `${url}/search.json`, shape }),
    facets: null,
  };
}

/** By the account's own time of each change; rows of one second come together, even past `per_page` (saas-apis 3.6). */
function incremental(site: Site, request: FastifyRequest): Row {
  const { org } = site;
  requireRole(requireCaller(site, request, 'organizations', 'read'), 'admin');
  const query = request.query as { start_time?: string; per_page?: string };
  const start = Number(query.start_time);
  if (query.start_time === undefined || !Number.isInteger(start)) throw invalidValue('start_time is required');
  if (start > Math.floor(org.now() / 1_000) - 60) {
    throw new ZendeskError(400, {
      error: 'StartTimeTooRecent',
      description: 'Too recent start_time. Use a start_time older than 60 seconds',
    });
  }
  const perPage = Math.min(1_000, Math.max(1, Number(query.per_page ?? 1_000) || 1_000));
  const changed = org
    .records('organizations')
    .values()
    .filter((row) => Number(row.generated) >= start)
    .sort((a, b) => Number(a.generated) - Number(b.generated));
  const edge = changed[perPage - 1]?.generated;
  const page = edge === undefined ? changed : changed.filter((row) => Number(row.generated) <= Number(edge));
  const end = page.length === 0 ? null : Number(page.at(-1)?.generated);
  const url = apiUrl(site, request);
  return {
    organizations: page.map((row) => shownOrganization(row, url)),
    count: page.length,
    end_of_stream: page.length === changed.length,
    end_time: end,
    next_page:
      end === null
        ? null
        : `${url}/incremental/organizations.json?${new URLSearchParams({ ...(query.per_page ? { per_page: query.per_page } : {}), start_time: String(end) }).toString()}`,
  };
}

export function addSearchRoutes(server: FastifyInstance, site: Site): void {
  server.get('/api/v2/search', async (request) => search(site, request));
  server.get('/api/v2/search/count', async (request) => ({ count: search(site, request).count }));
  server.get('/api/v2/incremental/organizations', async (request) => incremental(site, request));
  server.get('/api/v2/account/settings', async (request) => {
    requireCaller(site, request, null, 'read');
    countRequest(site.org);
    return {
      settings: {
        active_features: { customer_satisfaction: false },
        api: { accepted_api_agreement: true, api_token_access: true },
      },
    };
  });
}
