import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Row } from '../core/org.js';
import type { User } from '../core/types.js';
import { notesOf } from '../core/request-notes.js';
import { requireAccess } from './access.js';
import { notFound, SalesforceError } from './api-error.js';
import { describeBrief, describeFully, describeField, masterRecordTypeId } from './describe.js';
import { rowsOf, valueOf } from './record-rows.js';
import { createRecord, deleteRecord, findRow, rowsByKey, updateRecord } from './record-store.js';
import { visibleObject, visibleObjects } from './rights.js';
import type { SObject } from './schema/field.js';
import { fieldOf } from './schema/objects.js';
import type { Site } from './site.js';
import { upsertRecord } from './upsert.js';
import { versionNumber } from './versions.js';
import { parseTime, wireTime } from './wire-time.js';

interface Params {
  version: string;
  object: string;
  id: string;
  field: string;
  key: string;
}

type Handler = (
  site: Site,
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
  user: User,
  object: SObject,
) => unknown;

function requireObject(user: User, name: string): SObject {
  const object = visibleObject(user, name);
  if (!object) throw notFound();
  return object;
}

function bodyOf(request: FastifyRequest): Row {
  const body = request.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new SalesforceError(
      400,
      'JSON_PARSER_ERROR',
      'The HTTP entity body is required, but this request has no entity body.',
    );
  }
  return body as Row;
}

/** A row as the user sees it: all visible fields, or the `fields` that were asked for. */
export function shown(row: Row, object: SObject, version: string, fields?: string): Row {
  const names = fields?.split(',').map((name) => name.trim());
  const wanted = names
    ? names.map((name) => {
        const field = fieldOf(object, name);
        if (!field)
          throw new SalesforceError(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
        return field;
      })
    : object.fields;
  const url = `/services/data/${version}/sobjects/${object.name}/${String(row.Id)}`;
  const out: Row = { attributes: { type: object.name, url } };
  for (const field of wanted) out[field.name] = valueOf(row, field);
  return out;
}

const readRow: Handler = (site, request, reply, _, object) => {
  const row = findRow(site.org, object, request.params.id);
  if (row.IsDeleted === true) throw notFound();
  return reply.send(shown(row, object, request.params.version, (request.query as Record<string, string>).fields));
};

const createRow: Handler = (site, request, reply, user, object) => {
  const row = createRecord(site.org, user, object, bodyOf(request));
  notesOf(request).accepted = `${object.name}.create`;
  const location = `/services/data/${request.params.version}/sobjects/${object.name}/${String(row.Id)}`;
  return reply.code(201).header('location', location).send({ id: row.Id, success: true, errors: [] });
};

const updateRow: Handler = (site, request, reply, user, object) => {
  updateRecord(site.org, user, object, request.params.id, bodyOf(request));
  notesOf(request).accepted = `${object.name}.update`;
  return reply.code(204).send();
};

const deleteRow: Handler = (site, request, reply, user, object) => {
  deleteRecord(site.org, user, object, request.params.id);
  notesOf(request).accepted = `${object.name}.delete`;
  return reply.code(204).send();
};

function oneByKey(
  site: Site,
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
  object: SObject,
): Row | FastifyReply {
  const found = rowsByKey(site.org, object, request.params.field, request.params.key);
  if (found.length > 1)
    return ambiguous(
      reply,
      request.params.version,
      object,
      found.map((row) => String(row.Id)),
    );
  const row = found[0];
  if (!row) throw notFound();
  return row;
}

/** 300 with the addresses of the candidates, not an error object (saas-apis 2.4). */
function ambiguous(reply: FastifyReply, version: string, object: SObject, ids: string[]): FastifyReply {
  return reply.code(300).send(ids.map((id) => `/services/data/${version}/sobjects/${object.name}/${id}`));
}

const upsertRow: Handler = (site, request, reply, user, object) => {
  const { field, key, version } = request.params;
  const updateOnly = (request.query as Record<string, string>).updateOnly === 'true';
  const done = upsertRecord(site.org, user, object, { field, key, body: bodyOf(request), updateOnly });
  if ('ids' in done) return ambiguous(reply, version, object, done.ids);
  notesOf(request).accepted = `${object.name}.upsert`;
  // Before version 46.0 an update had no body.
  if (!done.created && versionNumber(version) < 46) return reply.code(204).send();
  if (done.created) reply.header('location', `/services/data/${version}/sobjects/${object.name}/${done.id}`);
  const created = versionNumber(version) < 46 ? {} : { created: done.created };
  return reply.code(done.created ? 201 : 200).send({ id: done.id, success: true, errors: [], ...created });
};

function isRow(value: Row | FastifyReply): value is Row {
  return !('raw' in value);
}

const readByKey: Handler = (site, request, reply, _, object) => {
  const row = oneByKey(site, request, reply, object);
  return isRow(row)
    ? reply.send(shown(row, object, request.params.version, (request.query as Record<string, string>).fields))
    : row;
};

const deleteByKey: Handler = (site, request, reply, user, object) => {
  const row = oneByKey(site, request, reply, object);
  if (!isRow(row)) return row;
  deleteRecord(site.org, user, object, String(row.Id));
  notesOf(request).accepted = `${object.name}.delete`;
  return reply.code(204).send();
};

/** Rows changed or deleted in a span of time (saas-apis 2.6, replication). */
function changes(kind: 'updated' | 'deleted'): Handler {
  return (site, request, reply, _, object) => {
    const query = request.query as Record<string, string>;
    const start = parseTime(query.start ?? '');
    const end = parseTime(query.end ?? '');
    if (Number.isNaN(start) || Number.isNaN(end))
      throw new SalesforceError(400, 'INVALID_REPLICATION_DATE', 'start and end must be dates');
    if (start > end)
      throw new SalesforceError(400, 'INVALID_REPLICATION_DATE', 'startDate before org replication enabled date');
    const stamped = rowsOf(site.org, object).filter((row) => {
      const at = parseTime(String(row.SystemModstamp));
      return at >= start && at < end && (row.IsDeleted === true) === (kind === 'deleted');
    });
    const latestDateCovered = wireTime(Math.min(end, site.org.now()));
    if (kind === 'updated') return reply.send({ ids: stamped.map((row) => row.Id), latestDateCovered });
    const deletedRecords = stamped.map((row) => ({ deletedDate: row.SystemModstamp, id: row.Id }));
    return reply.send({
      deletedRecords,
      earliestDateAvailable: wireTime(site.org.now() - 30 * 86_400_000),
      latestDateCovered,
    });
  };
}

const describe: Handler = (_, request, reply, user, object) =>
  reply.send(describeFully(user, object, request.params.version));

const basics: Handler = (_, request, reply, user, object) =>
  reply.send({ objectDescribe: describeBrief(user, object, request.params.version), recentItems: [] });

function picklists(
  site: Site,
  request: FastifyRequest<{ Params: Params & { recordType: string } }>,
  reply: FastifyReply,
): unknown {
  const { user } = requireAccess(site, request);
  const object = requireObject(user, request.params.object);
  if (request.params.recordType !== masterRecordTypeId) throw notFound();
  const base = request.url.split('?')[0] ?? '';
  const entries = object.fields
    .filter(
      (field) =>
        field.type === 'picklist' && (request.params.field === undefined || field.name === request.params.field),
    )
    .map((field) => {
      const controlling = field.controller ? (fieldOf(object, field.controller)?.values ?? []) : [];
      const values = (describeField(user, object, field).picklistValues as { label: string; value: string }[]).map(
        ({ label, value }) => ({
          attributes: null,
          label,
          validFor: controlling.flatMap((one, i) =>
            field.values.find((own) => own.value === value)?.validFor?.includes(one.value) ? [i] : [],
          ),
          value,
        }),
      );
      const controllerValues = Object.fromEntries(controlling.map((one, i) => [one.value, i]));
      const url = request.params.field === undefined ? `${base}/${field.name}` : base;
      return [field.name, { controllerValues, defaultValue: null, eTag: '0', url, values }] as const;
    });
  if (request.params.field === undefined)
    return reply.send({ eTag: '0', picklistFieldValues: Object.fromEntries(entries) });
  if (!entries[0]) throw notFound();
  return reply.send(entries[0][1]);
}

export function addRecordRoutes(server: FastifyInstance, site: Site): void {
  const base = '/services/data/:version';
  const on = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, handler: Handler): void => {
    server.route<{ Params: Params }>({
      method,
      url: `${base}${path}`,
      handler: async (request, reply) => {
        const { user } = requireAccess(site, request);
        return handler(site, request, reply, user, requireObject(user, request.params.object));
      },
    });
  };
  server.get<{ Params: Params }>(`${base}/sobjects`, async (request, reply) => {
    const { user } = requireAccess(site, request);
    const rows = visibleObjects(user).map((object) => describeBrief(user, object, request.params.version));
    return reply.send({ encoding: 'UTF-8', maxBatchSize: 200, sobjects: rows });
  });
  on('GET', '/sobjects/:object', basics);
  on('POST', '/sobjects/:object', createRow);
  on('GET', '/sobjects/:object/describe', describe);
  on('GET', '/sobjects/:object/updated', changes('updated'));
  on('GET', '/sobjects/:object/deleted', changes('deleted'));
  on('GET', '/sobjects/:object/:id', readRow);
  on('PATCH', '/sobjects/:object/:id', updateRow);
  on('DELETE', '/sobjects/:object/:id', deleteRow);
  on('GET', '/sobjects/:object/:field/:key', readByKey);
  on('PATCH', '/sobjects/:object/:field/:key', upsertRow);
  on('DELETE', '/sobjects/:object/:field/:key', deleteByKey);
  for (const path of ['/:recordType', '/:recordType/:field']) {
    server.get<{ Params: Params & { recordType: string } }>(
      `${base}/ui-api/object-info/:object/picklist-values${path}`,
      async (request, reply) => picklists(site, request, reply),
    );
  }
}
