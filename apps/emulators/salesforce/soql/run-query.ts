import type { Org, Row } from '../../core/org.js';
import type { User } from '../../core/types.js';
import { SalesforceError } from '../api-error.js';
import { rowsOf, valueOf } from '../record-rows.js';
import { visibleObject } from '../rights.js';
import { isCustom, type SObject } from '../schema/field.js';
import { checkOf } from './condition-check.js';
import { bindPath, comparable, follow, type BoundPath } from './field-path.js';
import type { Query, Selected } from './query-tree.js';
import { noSuchObject, noSuchRelationship, soqlError } from './soql-error.js';

export interface QueryRun {
  org: Org;
  user: User;
  version: string;
  withDeleted: boolean;
}

export interface QueryResult {
  object: SObject;
  /** In order, limit and offset applied. */
  rows: Row[];
  /** What the caller gets of a row. */
  shape(row: Row): Row;
  aggregate: Row | null;
}

export function runQuery(run: QueryRun, query: Query, within?: { object: SObject; rows: Row[] }): QueryResult {
  const object = within?.object ?? visibleObject(run.user, query.object);
  if (!object) throw noSuchObject(query.text, query.objectPosition, query.object);
  const shapes = query.select.flatMap((selected) => shapeOf(run, query, object, selected));
  const inner = (other: Query): unknown[] => innerValues(run, other);
  const check = query.where
    ? checkOf(query.where, { org: run.org, user: run.user, object, text: query.text, inner })
    : () => true;
  const orderings = query.orderBy.map((one) => ({ ...one, bound: bindPath(query.text, run.user, object, one.path) }));
  const candidates = within?.rows ?? rowsOf(run.org, object);
  const found = candidates.filter((row) => (run.withDeleted || row.IsDeleted !== true) && check(row));
  if (orderings.length > 0) found.sort((a, b) => compareRows(run.org, orderings, a, b));
  const rows = found.slice(query.offset, query.limit === null ? undefined : query.offset + query.limit);
  const attributes = (row: Row): Row => ({
    type: object.name,
    url: `/services/data/${run.version}/sobjects/${object.name}/${String(row.Id)}`,
  });
  return {
    object,
    rows,
    aggregate: aggregateOf(run, query, object, found),
    shape: (row) => {
      const out: Row = { attributes: attributes(row) };
      for (const add of shapes) add(row, out);
      return out;
    },
  };
}

type Shape = (row: Row, out: Row) => void;

function shapeOf(run: QueryRun, query: Query, object: SObject, selected: Selected): Shape[] {
  if (selected.kind === 'fields') {
    if (selected.which !== 'STANDARD' && (query.limit === null || query.limit > 200)) {
      throw soqlError(
        'MALFORMED_QUERY',
        query.text,
        selected.position,
        'The SOQL FIELDS function must have a LIMIT of at most 200',
      );
    }
    const wanted = object.fields.filter(
      (field) => selected.which === 'ALL' || isCustom(field.name) === (selected.which === 'CUSTOM'),
    );
    return wanted.map(
      (field): Shape =>
        (row, out) =>
          void (out[field.name] = valueOf(row, field)),
    );
  }
  if (selected.kind === 'aggregate') {
    bindPath(query.text, run.user, object, selected.path);
    return [];
  }
  if (selected.kind === 'children') return [childShape(run, object, selected.query)];
  const bound = bindPath(query.text, run.user, object, selected.path);
  if (bound.steps.length === 0) return [(row, out) => void (out[bound.field.name] = valueOf(row, bound.field))];
  return [(row, out) => nest(run, row, out, bound)];
}

/** Parent fields nest as objects with their own attributes; a missing parent is null (saas-apis 2.6). */
function nest(run: QueryRun, row: Row, out: Row, path: BoundPath): void {
  let target = out;
  let steps: BoundPath['steps'] = [];
  for (const step of path.steps) {
    steps = [...steps, step];
    const idField = step.object.fields.find((field) => field.name === 'Id');
    const id = idField && follow(run.org, row, { steps, field: idField });
    const name = step.reference.relationship ?? '';
    if (typeof id !== 'string') {
      target[name] = null;
      return;
    }
    const known = target[name] as Row | undefined;
    const url = `/services/data/${run.version}/sobjects/${step.object.name}/${id}`;
    const next: Row = known ?? { attributes: { type: step.object.name, url } };
    target[name] = next;
    target = next;
  }
  target[path.field.name] = follow(run.org, row, path);
}

function childShape(run: QueryRun, object: SObject, query: Query): Shape {
  const child = object.children.find((one) => one.name.toLowerCase() === query.object.toLowerCase());
  const childObject = child && visibleObject(run.user, child.object);
  if (!child || !childObject) throw noSuchRelationship(query.text, query.objectPosition, query.object);
  runQuery(run, query, { object: childObject, rows: [] });
  return (row, out) => {
    const rows = rowsOf(run.org, childObject).filter((one) => one[child.field] === row.Id);
    const result = runQuery(run, query, { object: childObject, rows });
    const records = result.rows.map((one) => result.shape(one));
    out[child.name] = records.length === 0 ? null : { totalSize: records.length, done: true, records };
  };
}

function innerValues(run: QueryRun, query: Query): unknown[] {
  const only = query.select[0];
  if (query.select.length !== 1 || only?.kind !== 'field') {
    throw new SalesforceError(400, 'MALFORMED_QUERY', 'a semi join sub-select must select exactly one field');
  }
  const result = runQuery(run, query);
  const bound = bindPath(query.text, run.user, result.object, only.path);
  return result.rows.map((row) => follow(run.org, row, bound));
}

type Ordered = Query['orderBy'][number] & { bound: BoundPath };

function compareRows(org: Org, orderings: Ordered[], a: Row, b: Row): number {
  for (const { bound, descending, nullsLast } of orderings) {
    const left = comparable(bound.field, follow(org, a, bound));
    const right = comparable(bound.field, follow(org, b, bound));
    if (left === right) continue;
    // Nulls come first unless asked otherwise, whatever the direction.
    if (left === null || right === null) return (left === null) === nullsLast ? 1 : -1;
    return left < right === descending ? 1 : -1;
  }
  return 0;
}

function aggregateOf(run: QueryRun, query: Query, object: SObject, rows: Row[]): Row | null {
  const wanted = query.select.filter((one) => one.kind === 'aggregate');
  if (wanted.length === 0) return null;
  const out: Row = { attributes: { type: 'AggregateResult' } };
  wanted.forEach((one, i) => {
    const bound = bindPath(query.text, run.user, object, one.path);
    const values = rows.map((row) => follow(run.org, row, bound)).filter((value) => value !== null);
    const sorted = [...values].sort((a, b) =>
      (comparable(bound.field, a) ?? 0) < (comparable(bound.field, b) ?? 0) ? -1 : 1,
    );
    out[one.alias ?? `expr${i}`] =
      one.name === 'COUNT' ? values.length : ((one.name === 'MIN' ? sorted[0] : sorted.at(-1)) ?? null);
  });
  return out;
}
