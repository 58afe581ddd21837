import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Org, Row } from '../core/org.js';
import type { User } from '../core/types.js';
import { notesOf } from '../core/request-notes.js';
import { requireAccess } from './access.js';
import { SalesforceError } from './api-error.js';
import { normalId } from './ids.js';
import { createRecord, deleteRecord, findRow, updateRecord } from './record-store.js';
import { snapshotOf } from './record-snapshot.js';
import { shown } from './record-routes.js';
import { visibleObject } from './rights.js';
import type { SObject } from './schema/field.js';
import { objectOfId } from './schema/objects.js';
import type { Site } from './site.js';
import { upsertRecord } from './upsert.js';

type Work = (row: Row) => Row;

const limit = 200;

function failure(error: SalesforceError, id?: string): Row {
  const errors = error.rows.map((row) => ({
    statusCode: row.errorCode,
    message: row.message,
    fields: row.fields ?? [],
  }));
  return { ...(id === undefined ? {} : { id }), success: false, errors };
}

/** Rows one by one, in order; with allOrNone the first failure takes everything back (saas-apis 2.6). */
function eachRow(org: Org, objects: string[], rows: Row[], allOrNone: boolean, work: Work): Row[] {
  const takeBack = snapshotOf(org, allOrNone ? objects : []);
  let failed = false;
  const results = rows.map((row) => {
    try {
      return work(row);
    } catch (error) {
      if (!(error instanceof SalesforceError)) throw error;
      failed = true;
      return failure(error, typeof row.id === 'string' ? row.id : undefined);
    }
  });
  if (!failed || !allOrNone) return results;
  takeBack();
  const text = 'Record rolled back because not all records were valid and the request was using AllOrNone header';
  return results.map((result) =>
    result.success ? failure(new SalesforceError(400, 'ALL_OR_NONE_OPERATION_ROLLED_BACK', text)) : result,
  );
}

function rowsOfBody(request: FastifyRequest): { records: Row[]; allOrNone: boolean } {
  const body = request.body as { records?: unknown; allOrNone?: unknown } | null;
  if (!Array.isArray(body?.records))
    throw new SalesforceError(400, 'JSON_PARSER_ERROR', 'The records field is required');
  if (body.records.length > limit) {
    throw new SalesforceError(
      400,
      'EXCEEDED_ID_LIMIT',
      `record limit reached. cannot submit more than ${limit} records into this call`,
    );
  }
  return { records: body.records as Row[], allOrNone: body.allOrNone === true };
}

function typeOf(user: User, row: Row): SObject {
  const name = (row.attributes as { type?: string } | undefined)?.type ?? '';
  const object = visibleObject(user, name);
  if (!object) throw new SalesforceError(400, 'INVALID_TYPE', `sObject type '${name}' is not supported.`);
  return object;
}

function withoutId(row: Row): Row {
  const { id: _, Id: __, ...rest } = row;
  return rest;
}

function objectNames(rows: Row[]): string[] {
  return [...new Set(rows.map((row) => String((row.attributes as { type?: string } | undefined)?.type ?? '')))].filter(
    Boolean,
  );
}

export function addCollectionRoutes(server: FastifyInstance, site: Site): void {
  addRetrieveRoutes(server, site);
  const base = '/services/data/:version/composite/sobjects';
  const { org } = site;
  server.post(base, async (request) => {
    const { user } = requireAccess(site, request);
    const { records, allOrNone } = rowsOfBody(request);
    notesOf(request).accepted = 'sobjects.create';
    return eachRow(org, objectNames(records), records, allOrNone, (row) => {
      const made = createRecord(org, user, typeOf(user, row), row);
      return { id: made.Id, success: true, errors: [] };
    });
  });
  server.patch(base, async (request) => {
    const { user } = requireAccess(site, request);
    const { records, allOrNone } = rowsOfBody(request);
    notesOf(request).accepted = 'sobjects.update';
    return eachRow(org, objectNames(records), records, allOrNone, (row) => {
      const done = updateRecord(org, user, typeOf(user, row), String(row.id ?? row.Id ?? ''), withoutId(row));
      return { id: done.Id, success: true, errors: [] };
    });
  });
  server.delete(base, async (request) => {
    const { user } = requireAccess(site, request);
    const query = request.query as Record<string, string>;
    const rows = (query.ids ?? '')
      .split(',')
      .filter(Boolean)
      .map((id): Row => ({ id }));
    const names = rows.flatMap((row) => objectOfId(String(row.id))?.name ?? []);
    notesOf(request).accepted = 'sobjects.delete';
    return eachRow(org, [...new Set(names)], rows, query.allOrNone === 'true', (row) => {
      const object = visibleObject(user, objectOfId(String(row.id))?.name ?? '');
      if (!object) throw new SalesforceError(400, 'MALFORMED_ID', `malformed id ${String(row.id)}`);
      return { id: deleteRecord(org, user, object, String(row.id)).Id, success: true, errors: [] };
    });
  });
  server.patch<{ Params: { object: string; field: string } }>(`${base}/:object/:field`, async (request) => {
    const { user } = requireAccess(site, request);
    const { records, allOrNone } = rowsOfBody(request);
    const { object: name, field } = request.params;
    notesOf(request).accepted = 'sobjects.upsert';
    return eachRow(org, [name], records, allOrNone, (row) => {
      const { [field]: key, attributes: _, ...body } = row;
      const done = upsertRecord(org, user, typeOf(user, row), {
        field,
        key: String(key ?? ''),
        body,
        updateOnly: false,
      });
      if ('ids' in done)
        throw new SalesforceError(
          300,
          'DUPLICATE_EXTERNAL_ID',
          `${field}: more than one record found for external id field: [${done.ids.join(', ')}]`,
          [field],
        );
      return { ...done, success: true, errors: [] };
    });
  });
}

/** Many records by id, in order; null where there is none. */
function addRetrieveRoutes(server: FastifyInstance, site: Site): void {
  const base = '/services/data/:version/composite/sobjects';
  const { org } = site;
  const retrieve = (user: User, version: string, name: string, ids: string[], fields: string[]): (Row | null)[] => {
    const object = visibleObject(user, name);
    if (!object) throw new SalesforceError(400, 'INVALID_TYPE', `sObject type '${name}' is not supported.`);
    return ids.map((id) => {
      const normal = normalId(id);
      const row = normal && org.records(object.name).get(normal);
      return row && row.IsDeleted !== true
        ? shown(findRow(org, object, normal), object, version, fields.join(','))
        : null;
    });
  };
  server.get<{ Params: { version: string; object: string } }>(`${base}/:object`, async (request) => {
    const { user } = requireAccess(site, request);
    const { ids = '', fields = 'Id' } = request.query as Record<string, string>;
    return retrieve(user, request.params.version, request.params.object, ids.split(','), fields.split(','));
  });
  server.post<{ Params: { version: string; object: string } }>(`${base}/:object`, async (request) => {
    const { user } = requireAccess(site, request);
    const { ids = [], fields = ['Id'] } = (request.body ?? {}) as { ids?: string[]; fields?: string[] };
    return retrieve(user, request.params.version, request.params.object, ids, fields);
  });
}
