import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org, Row } from '../core/org.js';
import type { User } from '../core/types.js';
import { notesOf } from '../core/request-notes.js';
import { requireCaller, requireRole, type Caller } from './access.js';
import { missingParameter, recordInvalid, recordNotFound, ZendeskError } from './api-error.js';
import { nextId } from './numbers.js';
import { listAnswer } from './paging.js';
import { apiUrl, zendeskTime, type Site } from './site.js';
import { wordList } from './word-list.js';

const base = '/api/v2/tickets';
const statuses = ['new', 'open', 'pending', 'hold', 'solved', 'closed'];
const priorities = ['urgent', 'high', 'normal', 'low'];
const types = ['problem', 'incident', 'question', 'task'];

function ticketOf(request: FastifyRequest): Row {
  const given = (request.body as Row | null)?.ticket;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw missingParameter('ticket');
  return given as Row;
}

function requireOneOf(values: string[], field: string, value: unknown): void {
  if (value === undefined || value === null || values.includes(String(value))) return;
  throw recordInvalid({
    [field]: [{ description: `${field}: ${String(value)} is not included in the list`, error: 'InvalidValue' }],
  });
}

function checkTicket(given: Row): void {
  requireOneOf(statuses, 'status', given.status);
  requireOneOf(priorities, 'priority', given.priority);
  requireOneOf(types, 'type', given.type);
}

function textOf(given: Row): string | null {
  const comment = given.comment as { body?: unknown; html_body?: unknown } | undefined;
  const text = comment?.body ?? comment?.html_body ?? given.description;
  return typeof text === 'string' && text !== '' ? text : null;
}

export function createTicket(org: Org, by: User | null, given: Row): Row {
  checkTicket(given);
  const description = textOf(given);
  if (description === null)
    throw recordInvalid({ base: [{ description: 'Description: cannot be blank', error: 'BlankValue' }] });
  const at = zendeskTime(org.now());
  const author = Number((by ?? org.users.values()[0])?.id ?? 0);
  const id = org.nextNumber('ticket');
  return org.records('tickets').set(String(id), {
    id,
    external_id: externalIdOf(given),
    via: { channel: 'api', source: { from: {}, to: {}, rel: null } },
    created_at: at,
    updated_at: at,
    type: given.type ?? null,
    subject: given.subject ?? description.slice(0, 80),
    raw_subject: given.subject ?? description.slice(0, 80),
    description,
    priority: given.priority ?? null,
    status: given.status ?? 'open',
    recipient: null,
    requester_id: given.requester_id ?? author,
    submitter_id: given.submitter_id ?? author,
    assignee_id: given.assignee_id ?? null,
    organization_id: given.organization_id ?? null,
    group_id: given.group_id ?? null,
    collaborator_ids: [],
    follower_ids: [],
    problem_id: null,
    has_incidents: false,
    is_public: true,
    due_at: null,
    tags: wordList(given.tags),
    custom_fields: Array.isArray(given.custom_fields) ? given.custom_fields : [],
    allow_channelback: false,
    allow_attachments: true,
  });
}

/** Kept as text, whatever was given. */
function externalIdOf({ external_id: given }: Row): string | null {
  return given === undefined || given === null || given === '' ? null : String(given);
}

const changeable = [
  'external_id',
  'type',
  'subject',
  'priority',
  'status',
  'requester_id',
  'assignee_id',
  'organization_id',
  'group_id',
  'tags',
  'custom_fields',
];

export function updateTicket(org: Org, old: Row, given: Row): Row {
  checkTicket(given);
  const next: Row = { ...old, updated_at: zendeskTime(org.now()) };
  for (const name of changeable) if (name in given) next[name] = name === 'tags' ? wordList(given.tags) : given[name];
  return org.records('tickets').set(String(old.id), next);
}

function shown(row: Row, url: string): Row {
  return { url: `${url}/tickets/${String(row.id)}.json`, ...row };
}

export { shown as shownTicket };

function audit(org: Org, row: Row, caller: Caller): Row {
  return {
    id: nextId(org),
    ticket_id: row.id,
    created_at: row.updated_at,
    author_id: Number(caller.user.id),
    metadata: { system: {}, custom: {} },
    events: [],
  };
}

interface Remembered {
  print: string;
  body: unknown;
  location: string;
  at: number;
}

/** Ticket creation alone knows `Idempotency-Key` (saas-apis 3.6); how long a key lives is policy. */
function create(site: Site, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { org } = site;
  const caller = requireCaller(site, request, 'tickets', 'write');
  const key = request.headers['idempotency-key'];
  const kept = org.data.collection<Remembered>('idempotencyKeys');
  const print = createHash('sha256')
    .update(JSON.stringify(request.body ?? null))
    .digest('hex');
  const known = typeof key === 'string' ? kept.get(key) : undefined;
  if (known && org.now() - known.at < org.policy.idempotencyKeySeconds * 1_000) {
    if (known.print !== print) {
      throw new ZendeskError(400, {
        error: 'IdempotentRequestError',
        description: 'Request parameters are different from the original request',
      });
    }
    return reply.code(201).header('x-idempotency-lookup', 'hit').header('location', known.location).send(known.body);
  }
  const row = createTicket(org, caller.user, ticketOf(request));
  notesOf(request).accepted = 'tickets.create';
  const ticket = shown(row, apiUrl(site, request));
  const body = { ticket, audit: audit(org, row, caller) };
  const location = String(ticket.url);
  if (typeof key === 'string') {
    kept.set(key, { print, body, location, at: org.now() });
    reply.header('x-idempotency-lookup', 'miss');
  }
  return reply.code(201).header('location', location).send(body);
}

export function addTicketRoutes(server: FastifyInstance, site: Site): void {
  const { org } = site;
  const find = (id: string): Row => {
    const row = org.records('tickets').get(id);
    if (!row) throw recordNotFound();
    return row;
  };
  server.get(base, async (request) => {
    requireRole(requireCaller(site, request, 'tickets', 'read'), 'agent', 'admin');
    const url = apiUrl(site, request);
    // External ids of tickets need not be unique.
    const { external_id: externalId } = request.query as Record<string, string | undefined>;
    const rows = org.records('tickets').values();
    return listAnswer(request, {
      name: 'tickets',
      rows: externalId === undefined ? rows : rows.filter((row) => row.external_id === externalId),
      url: `${url}/tickets.json`,
      shape: (row) => shown(row, url),
    });
  });
  server.get<{ Params: { id: string } }>(`${base}/:id`, async (request) => {
    requireRole(requireCaller(site, request, 'tickets', 'read'), 'agent', 'admin');
    return { ticket: shown(find(request.params.id), apiUrl(site, request)) };
  });
  server.post(base, async (request, reply) => create(site, request, reply));
  server.put<{ Params: { id: string } }>(`${base}/:id`, async (request) => {
    const caller = requireCaller(site, request, 'tickets', 'write');
    requireRole(caller, 'agent', 'admin');
    const row = updateTicket(org, find(request.params.id), ticketOf(request));
    notesOf(request).accepted = 'tickets.update';
    return { ticket: shown(row, apiUrl(site, request)), audit: audit(org, row, caller) };
  });
  server.delete<{ Params: { id: string } }>(`${base}/:id`, async (request, reply) => {
    requireRole(requireCaller(site, request, 'tickets', 'write'), 'admin');
    org.records('tickets').delete(String(find(request.params.id).id));
    notesOf(request).accepted = 'tickets.delete';
    return reply.code(204).send();
  });
}
