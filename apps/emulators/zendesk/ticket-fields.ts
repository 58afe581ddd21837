import type { FastifyInstance } from 'fastify';
import type { Row } from '../core/org.js';
import { requireCaller, requireRole } from './access.js';
import { recordNotFound } from './api-error.js';
import { listAnswer } from './paging.js';
import { apiUrl, type Site } from './site.js';

const options: Record<string, string[]> = {
  status: ['new', 'open', 'pending', 'hold', 'solved'],
  tickettype: ['question', 'incident', 'problem', 'task'],
  priority: ['low', 'normal', 'high', 'urgent'],
};

const titles: [type: string, title: string][] = [
  ['subject', 'Subject'],
  ['description', 'Description'],
  ['status', 'Status'],
  ['tickettype', 'Type'],
  ['priority', 'Priority'],
  ['group', 'Group'],
  ['assignee', 'Assignee'],
];

function shown([type, title]: [string, string], position: number, url: string): Row {
  const id = 27_411_800_000_401 + position;
  return {
    url: `${url}/ticket_fields/${id}.json`,
    id,
    type,
    title,
    raw_title: title,
    description: '',
    position,
    active: true,
    required: false,
    regexp_for_validation: null,
    removable: false,
    ...(options[type]
      ? {
          system_field_options: options[type].map((value) => ({
            name: value[0]?.toUpperCase() + value.slice(1),
            value,
          })),
        }
      : {}),
    created_at: '2025-01-15T09:00:00Z',
    updated_at: '2025-01-15T09:00:00Z',
  };
}

/** The system fields of tickets (saas-apis 3.5); tickets here have no custom ones, nor have users. */
export function addTicketFieldRoutes(server: FastifyInstance, site: Site): void {
  server.get('/api/v2/ticket_fields', async (request) => {
    requireRole(requireCaller(site, request, 'tickets', 'read'), 'agent', 'admin');
    const url = apiUrl(site, request);
    const rows = titles.map((title, i) => shown(title, i, url));
    return listAnswer(request, { name: 'ticket_fields', rows, url: `${url}/ticket_fields.json`, shape: (row) => row });
  });
  server.get<{ Params: { id: string } }>('/api/v2/ticket_fields/:id', async (request) => {
    requireRole(requireCaller(site, request, 'tickets', 'read'), 'agent', 'admin');
    const url = apiUrl(site, request);
    const found = titles.map((title, i) => shown(title, i, url)).find((row) => String(row.id) === request.params.id);
    if (!found) throw recordNotFound();
    return { ticket_field: found };
  });
  server.get('/api/v2/user_fields', async (request) => {
    requireRole(requireCaller(site, request, 'users', 'read'), 'agent', 'admin');
    return listAnswer(request, {
      name: 'user_fields',
      rows: [],
      url: `${apiUrl(site, request)}/user_fields.json`,
      shape: (row) => row,
    });
  });
}
