import type { Org, Row } from '../core/org.js';
import { recordInvalid, recordNotFound, type FieldProblem } from './api-error.js';
import { nextId } from './numbers.js';
import { emptyFieldValues, readFieldValues } from './organization-fields.js';
import { zendeskTime } from './site.js';
import { wordList } from './word-list.js';

const writable = new Set([
  'name',
  'shared_tickets',
  'shared_comments',
  'external_id',
  'domain_names',
  'details',
  'notes',
  'group_id',
  'tags',
  'organization_fields',
]);

export function allOrganizations(org: Org): Row[] {
  return org.records('organizations').values();
}

export function organizations(org: Org): Row[] {
  return allOrganizations(org).filter((row) => row.deleted_at === undefined);
}

export function requireOrganization(org: Org, id: unknown): Row {
  const row = org.records('organizations').get(String(id));
  if (!row || row.deleted_at !== undefined) throw recordNotFound();
  return row;
}

function oneBy(org: Org, field: string, value: unknown): Row | undefined {
  if (value === null || value === undefined) return undefined;
  const keyOf = (row: Row): string | undefined =>
    row.deleted_at !== undefined || row[field] === null || row[field] === undefined
      ? undefined
      : String(row[field]).toLowerCase();
  return org.records('organizations').where(field, keyOf, String(value).toLowerCase())[0];
}

/** External ids compare without case (saas-apis 3.6): a 15-character Salesforce id is not safe here. */
export function byExternalId(org: Org, externalId: unknown): Row | undefined {
  return oneBy(org, 'external_id', externalId);
}

export function byName(org: Org, name: unknown): Row | undefined {
  return oneBy(org, 'name', name);
}

function problem(description: string, error: string): FieldProblem[] {
  return [{ description, error }];
}

function requireValid(org: Org, next: Row, own: Row | undefined): void {
  const details: Record<string, FieldProblem[]> = {};
  const name = next.name;
  if (typeof name !== 'string' || name.trim() === '') details.name = problem('Name: cannot be blank', 'BlankValue');
  else if (name.length > 255) details.name = problem('Name: is too long (maximum is 255 characters)', 'ValueTooLong');
  else {
    const other = byName(org, name);
    if (other && other.id !== own?.id) details.name = problem(`Name: ${name} has already been taken`, 'DuplicateValue');
  }
  const holder = byExternalId(org, next.external_id);
  if (holder && holder.id !== own?.id)
    details.external_id = problem(`External: ${String(next.external_id)} has already been taken`, 'DuplicateValue');
  if (Object.keys(details).length > 0) throw recordInvalid(details);
}

/** Lists are replaced as a whole; everything else that is not given stays (saas-apis 3.6). */
function merged(old: Row, given: Row): Row {
  const next: Row = { ...old };
  for (const [key, value] of Object.entries(given)) {
    if (!writable.has(key)) continue;
    if (key === 'organization_fields') {
      const read = readFieldValues((value ?? {}) as Row);
      if ('problem' in read) throw recordInvalid({ [read.field]: problem(read.problem, 'InvalidValue') });
      next.organization_fields = { ...(old.organization_fields as Row), ...read.values };
    } else if (key === 'domain_names' || key === 'tags') {
      next[key] = wordList(value);
    } else if (key === 'external_id') {
      next.external_id = value === null || value === '' ? null : String(value);
    } else next[key] = typeof value === 'string' && key === 'name' ? value.trim() : value;
  }
  return next;
}

export function createOrganization(org: Org, given: Row): Row {
  const at = zendeskTime(org.now());
  const blank: Row = {
    id: nextId(org),
    name: null,
    shared_tickets: false,
    shared_comments: false,
    external_id: null,
    created_at: at,
    updated_at: at,
    domain_names: [],
    details: null,
    notes: null,
    group_id: null,
    tags: [],
    organization_fields: emptyFieldValues(),
  };
  const row = merged(blank, given);
  requireValid(org, row, undefined);
  return keep(org, row);
}

export function updateOrganization(org: Org, old: Row, given: Row): Row {
  const row = { ...merged(old, given), updated_at: zendeskTime(org.now()) };
  requireValid(org, row, old);
  return keep(org, row);
}

export function deleteOrganization(org: Org, old: Row): Row {
  const at = zendeskTime(org.now());
  return keep(org, { ...old, updated_at: at, deleted_at: at });
}

/** `generated` is the account's own time of the change, by which the incremental export runs. */
function keep(org: Org, row: Row): Row {
  return org.records('organizations').set(String(row.id), { ...row, generated: Math.floor(org.now() / 1_000) });
}

export function shownOrganization(row: Row, apiUrl: string): Row {
  const { generated: _, ...rest } = row;
  return { url: `${apiUrl}/organizations/${String(row.id)}.json`, ...rest };
}

/** Matches by `id` or `external_id` and never by name: a name that another one has is a 422 (saas-apis 3.6). */
export function createOrUpdate(org: Org, given: Row): { row: Row; created: boolean } {
  const byId = given.id === undefined || given.id === null ? undefined : requireOrganization(org, given.id);
  const found = byId ?? byExternalId(org, given.external_id);
  return found
    ? { row: updateOrganization(org, found, given), created: false }
    : { row: createOrganization(org, given), created: true };
}
