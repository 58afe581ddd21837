import type { FastifyInstance } from 'fastify';
import type { Row } from '../core/org.js';
import { recordNotFound } from './api-error.js';
import { requireCaller, requireRole } from './access.js';
import { listAnswer } from './paging.js';
import { apiUrl, type Site } from './site.js';

interface CustomField {
  id: number;
  key: string;
  type: string;
  title: string;
  options?: string[];
}

/** The custom fields of organizations (saas-apis 3.5): the same in every emulated account. */
export const organizationFields: CustomField[] = [
  { id: 27_411_800_000_101, key: 'salesforce_id', type: 'text', title: 'Salesforce ID' },
  { id: 27_411_800_000_102, key: 'industry', type: 'text', title: 'Industry' },
  {
    id: 27_411_800_000_103,
    key: 'tier',
    type: 'dropdown',
    title: 'Support tier',
    options: ['Bronze', 'Silver', 'Gold', 'Platinum'],
  },
  { id: 27_411_800_000_104, key: 'employees', type: 'integer', title: 'Employees' },
  { id: 27_411_800_000_105, key: 'is_partner', type: 'checkbox', title: 'Partner' },
  { id: 27_411_800_000_106, key: 'renewal_date', type: 'date', title: 'Renewal date' },
];

function optionValue(option: string): string {
  return option.toLowerCase().replaceAll(' ', '_');
}

function shown(field: CustomField, position: number, url: string): Row {
  const options = field.options?.map((option, i) => ({
    id: field.id * 10 + i,
    name: option,
    raw_name: option,
    value: optionValue(option),
  }));
  return {
    url: `${url}/organization_fields/${field.id}.json`,
    id: field.id,
    type: field.type,
    key: field.key,
    title: field.title,
    description: '',
    raw_title: field.title,
    raw_description: '',
    position,
    active: true,
    system: false,
    regexp_for_validation: null,
    created_at: '2025-01-15T09:00:00Z',
    updated_at: '2025-01-15T09:00:00Z',
    ...(options ? { custom_field_options: options } : {}),
    ...(field.type === 'checkbox' ? { tag: null } : {}),
  };
}

export function emptyFieldValues(): Row {
  return Object.fromEntries(organizationFields.map((field) => [field.key, field.type === 'checkbox' ? false : null]));
}

export type FieldReading = { values: Row } | { field: string; problem: string };

/** Values for known keys; an unknown key is silently dropped (saas-apis 1.1, not confirmed). */
export function readFieldValues(given: Row): FieldReading {
  const values: Row = {};
  for (const field of organizationFields) {
    if (!(field.key in given)) continue;
    const value = given[field.key];
    const problem = valueProblem(field, value);
    if (problem) return { field: field.key, problem: `${field.title}: ${problem}` };
    values[field.key] = value === '' ? null : value;
  }
  return { values };
}

function valueProblem(field: CustomField, value: unknown): string | undefined {
  if (value === null || value === '') return undefined;
  if (field.type === 'integer' && !Number.isInteger(Number(value))) return `${String(value)} is not a valid number`;
  if (field.type === 'dropdown' && !field.options?.some((option) => optionValue(option) === value))
    return `'${String(value)}' is not a valid option`;
  if (field.type === 'date' && !/^\d{4}-\d\d-\d\d/.test(String(value))) return `${String(value)} is not a valid date`;
  return undefined;
}

export function addOrganizationFieldRoutes(server: FastifyInstance, site: Site): void {
  server.get('/api/v2/organization_fields', async (request) => {
    requireRole(requireCaller(site, request, 'organizations', 'read'), 'agent', 'admin');
    const url = apiUrl(site, request);
    const rows = organizationFields.map((field, i) => shown(field, i, url));
    return listAnswer(request, {
      name: 'organization_fields',
      rows,
      url: `${url}/organization_fields.json`,
      shape: (row) => row,
    });
  });
  server.get<{ Params: { id: string } }>('/api/v2/organization_fields/:id', async (request) => {
    requireRole(requireCaller(site, request, 'organizations', 'read'), 'agent', 'admin');
    const { id } = request.params;
    const index = organizationFields.findIndex((field) => String(field.id) === id || field.key === id);
    const found = organizationFields[index];
    if (!found) throw recordNotFound();
    return { organization_field: shown(found, index, apiUrl(site, request)) };
  });
}
