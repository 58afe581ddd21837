import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Org, Row } from '../core/org.js';
import { notesOf } from '../core/request-notes.js';
import { randomHex } from '../core/random-text.js';
import { requireCaller } from './access.js';
import { invalidValue, recordNotFound, ZendeskError } from './api-error.js';
import { requireEditOf, requireRight } from './organization-routes.js';
import {
  createOrganization,
  deleteOrganization,
  requireOrganization,
  updateOrganization,
} from './organization-store.js';
import { apiUrl, type Site } from './site.js';

const base = '/api/v2/organizations';
const limit = 100;

/** Done at once; a first look finds it queued, the second completed, so that a client has to poll (saas-apis 3.6). */
function startJob(org: Org, rows: Row[], work: (row: Row, index: number) => Row): Row {
  const results = rows.map((row, index) => {
    try {
      return work(row, index);
    } catch (error) {
      if (!(error instanceof ZendeskError)) throw error;
      const body = error.body as { error?: unknown; description?: unknown; details?: unknown };
      return {
        index,
        error: typeof body.error === 'string' ? body.error : 'Forbidden',
        details: JSON.stringify(body.details ?? body.description ?? ''),
      };
    }
  });
  const id = `V3-${randomHex(32)}`;
  return org.records('job_statuses').set(id, { id, total: rows.length, results, looks: 0 });
}

function shownJob(job: Row, url: string, looks: number): Row {
  const done = looks > 0;
  return {
    id: job.id,
    job_type: 'Bulk Organization',
    url: `${url}/job_statuses/${String(job.id)}.json`,
    total: job.total,
    progress: done ? job.total : null,
    status: done ? 'completed' : 'queued',
    message: done ? 'Completed' : null,
    results: done ? job.results : null,
  };
}

function organizationsOf(request: FastifyRequest): Row[] {
  const given = (request.body as Row | null)?.organizations;
  if (!Array.isArray(given) || given.length === 0) throw invalidValue('organizations must be an array');
  if (given.length > limit)
    throw new ZendeskError(400, {
      error: 'TooManyValues',
      description: `Too many organizations, the limit is ${limit}`,
    });
  return given as Row[];
}

export function addBulkRoutes(server: FastifyInstance, site: Site): void {
  const { org } = site;
  server.post(`${base}/create_many`, async (request) => {
    requireRight(requireCaller(site, request, 'organizations', 'write'), 'create');
    const job = startJob(org, organizationsOf(request), (row) => ({
      id: createOrganization(org, row).id,
      status: 'Created',
    }));
    notesOf(request).accepted = 'organizations.create_many';
    return { job_status: shownJob(job, apiUrl(site, request), 0) };
  });
  server.put(`${base}/update_many`, async (request) => {
    const caller = requireCaller(site, request, 'organizations', 'write');
    const { ids } = request.query as { ids?: string };
    const one = (request.body as Row | null)?.organization as Row | undefined;
    const rows =
      ids !== undefined && one ? ids.split(',').map((id): Row => ({ ...one, id })) : organizationsOf(request);
    for (const row of rows) requireEditOf(caller, row);
    const job = startJob(org, rows, (row) => {
      const done = updateOrganization(org, requireOrganization(org, row.id), row);
      return { id: done.id, action: 'update', status: 'Updated', success: true };
    });
    notesOf(request).accepted = 'organizations.update_many';
    return { job_status: shownJob(job, apiUrl(site, request), 0) };
  });
  server.delete(`${base}/destroy_many`, async (request) => {
    requireRight(requireCaller(site, request, 'organizations', 'write'), 'delete');
    const ids = String((request.query as { ids?: string }).ids ?? '')
      .split(',')
      .filter(Boolean);
    const job = startJob(
      org,
      ids.map((id): Row => ({ id })),
      (row) => {
        const gone = deleteOrganization(org, requireOrganization(org, row.id));
        return { id: gone.id, action: 'delete', status: 'Deleted', success: true };
      },
    );
    notesOf(request).accepted = 'organizations.destroy_many';
    return { job_status: shownJob(job, apiUrl(site, request), 0) };
  });
  server.get('/api/v2/job_statuses', async (request) => {
    requireCaller(site, request, null, 'read');
    const rows = org
      .records('job_statuses')
      .values()
      .map((job) => shownJob(job, apiUrl(site, request), Number(job.looks)));
    return { job_statuses: rows, next_page: null, previous_page: null, count: rows.length };
  });
  server.get<{ Params: { id: string } }>('/api/v2/job_statuses/:id', async (request) => {
    requireCaller(site, request, null, 'read');
    const job = org.records('job_statuses').get(request.params.id);
    if (!job) throw recordNotFound();
    const looks = Number(job.looks) + 1;
    org.records('job_statuses').set(String(job.id), { ...job, looks });
    return { job_status: shownJob(job, apiUrl(site, request), looks - 1) };
  });
}
