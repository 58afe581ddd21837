import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Row } from '../core/org.js';
import { notesOf } from '../core/request-notes.js';
import { organizationRights, requireCaller, type Caller } from './access.js';
import { invalidValue, missingParameter, roleTooSmall } from './api-error.js';
import {
  byExternalId,
  createOrganization,
  createOrUpdate,
  deleteOrganization,
  organizations,
  requireOrganization,
  shownOrganization,
  updateOrganization,
} from './organization-store.js';
import { listAnswer } from './paging.js';
import { apiUrl, type Site } from './site.js';

type WithId = { Params: { id: string } };
const base = '/api/v2/organizations';

export function organizationOf(request: FastifyRequest): Row {
  const given = (request.body as Row | null)?.organization;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw missingParameter('organization');
  return given as Row;
}

export function requireRight(caller: Caller, right: 'read' | 'create' | 'edit' | 'delete'): void {
  if (!organizationRights(caller.user)[right]) throw roleTooSmall();
}

export function requireEditOf(caller: Caller, given: Row): void {
  requireRight(caller, 'edit');
  const more = Object.keys(given).some((key) => key !== 'notes' && key !== 'id');
  if (organizationRights(caller.user).notesOnly && more) throw roleTooSmall();
}

function addReads(server: FastifyInstance, site: Site): void {
  const reader = (request: FastifyRequest): void =>
    requireRight(requireCaller(site, request, 'organizations', 'read'), 'read');
  const list = (request: FastifyRequest, rows: Row[], path = ''): Row => {
    const url = apiUrl(site, request);
    return listAnswer(request, {
      name: 'organizations',
      rows,
      url: `${url}/organizations${path}.json`,
      shape: (row) => shownOrganization(row, url),
    });
  };
  server.get(base, async (request) => {
    reader(request);
    return list(request, organizations(site.org));
  });
  server.get(`${base}/count`, async (request) => {
    reader(request);
    return {
      count: {
        value: organizations(site.org).length,
        refreshed_at: new Date(site.org.now()).toISOString().replace('Z', '+00:00'),
      },
    };
  });
  server.get(`${base}/search`, async (request) => {
    reader(request);
    const { external_id: externalId, name } = request.query as Record<string, string | undefined>;
    if (externalId === undefined && name === undefined) throw invalidValue('Either name or external_id is required');
    const rows =
      externalId !== undefined
        ? [byExternalId(site.org, externalId)].filter((row) => row !== undefined)
        : organizations(site.org).filter((row) => String(row.name).toLowerCase() === name?.toLowerCase());
    return list(request, rows, '/search');
  });
  server.get(`${base}/autocomplete`, async (request) => {
    reader(request);
    const name = String((request.query as Record<string, string | undefined>).name ?? '').toLowerCase();
    if (name.length < 2) throw invalidValue('name must have at least 2 characters');
    return list(
      request,
      organizations(site.org).filter((row) => String(row.name).toLowerCase().startsWith(name)),
      '/autocomplete',
    );
  });
  server.get(`${base}/show_many`, async (request) => {
    reader(request);
    const { ids, external_ids: externalIds } = request.query as Record<string, string | undefined>;
    const wanted = (ids ?? externalIds ?? '').split(',').map((one) => one.trim().toLowerCase());
    if (wanted.length > 100) throw invalidValue('At most 100 ids');
    const key = ids === undefined ? 'external_id' : 'id';
    return list(
      request,
      organizations(site.org).filter((row) => wanted.includes(String(row[key] ?? '').toLowerCase())),
      '/show_many',
    );
  });
  server.get<WithId>(`${base}/:id`, async (request) => {
    reader(request);
    return { organization: shownOrganization(requireOrganization(site.org, request.params.id), apiUrl(site, request)) };
  });
}

function addRelated(server: FastifyInstance, site: Site): void {
  server.get<WithId>(`${base}/:id/related`, async (request) => {
    requireRight(requireCaller(site, request, 'organizations', 'read'), 'read');
    const { id } = requireOrganization(site.org, request.params.id);
    const tickets = site.org
      .records('tickets')
      .values()
      .filter((row) => row.organization_id === id).length;
    return { organization_related: { users_count: 0, tickets_count: tickets } };
  });
}

export function addOrganizationRoutes(server: FastifyInstance, site: Site): void {
  addReads(server, site);
  addRelated(server, site);
  const writer = (request: FastifyRequest): Caller => requireCaller(site, request, 'organizations', 'write');
  const shape = (request: FastifyRequest, row: Row): Row => shownOrganization(row, apiUrl(site, request));
  server.post(base, async (request, reply) => {
    requireRight(writer(request), 'create');
    const row = shape(request, createOrganization(site.org, organizationOf(request)));
    notesOf(request).accepted = 'organizations.create';
    return reply.code(201).header('location', String(row.url)).send({ organization: row });
  });
  server.post(`${base}/create_or_update`, async (request, reply) => {
    const caller = writer(request);
    requireRight(caller, 'create');
    const { row, created } = createOrUpdate(site.org, organizationOf(request));
    notesOf(request).accepted = 'organizations.create_or_update';
    const shown = shape(request, row);
    if (created) reply.code(201).header('location', String(shown.url));
    return reply.send({ organization: shown });
  });
  server.put<WithId>(`${base}/:id`, async (request) => {
    const caller = writer(request);
    const old = requireOrganization(site.org, request.params.id);
    const given = organizationOf(request);
    requireEditOf(caller, given);
    const row = updateOrganization(site.org, old, given);
    notesOf(request).accepted = 'organizations.update';
    return { organization: shape(request, row) };
  });
  server.delete<WithId>(`${base}/:id`, async (request, reply) => {
    requireRight(writer(request), 'delete');
    deleteOrganization(site.org, requireOrganization(site.org, request.params.id));
    notesOf(request).accepted = 'organizations.delete';
    return reply.code(204).send();
  });
}
