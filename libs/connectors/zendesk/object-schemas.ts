/** The objects that this connector speaks of, with the fields that every account has (README.md, "Data"). */
import type { ObjectSchema, ObjectSummary } from '#connector-sdk/connector.js';

type Field = ObjectSchema['fields'][number];

const field = (name: string, label: string, type: string, more: Partial<Field> = {}): Field => ({
  name,
  label,
  type,
  required: false,
  custom: false,
  createable: true,
  updateable: true,
  ...more,
});

const READ_ONLY = { createable: false, updateable: false };

const priorities = ['urgent', 'high', 'normal', 'low'].map((value) => ({ value, label: value }));

export const OBJECTS: readonly ObjectSummary[] = [
  { name: 'organization', label: 'Organization', custom: false, createable: true, updateable: true },
  { name: 'ticket', label: 'Ticket', custom: false, createable: true, updateable: true },
  { name: 'user', label: 'User', custom: false, createable: true, updateable: true },
];

export const STANDARD_FIELDS: Readonly<Record<string, Field[]>> = {
  organization: [
    field('id', 'Id', 'number', READ_ONLY),
    field('external_id', 'External id', 'string'),
    field('name', 'Name', 'string', { required: true }),
    field('details', 'Details', 'string'),
    field('notes', 'Notes', 'string'),
    field('domain_names', 'Domain names', 'array'),
    field('tags', 'Tags', 'array'),
    field('created_at', 'Created at', 'datetime', READ_ONLY),
    field('updated_at', 'Updated at', 'datetime', READ_ONLY),
  ],
  ticket: [
    field('id', 'Id', 'number', READ_ONLY),
    field('external_id', 'External id', 'string'),
    field('subject', 'Subject', 'string', { required: true }),
    field('comment', 'First comment', 'string', { required: true, updateable: false }),
    field('priority', 'Priority', 'string', { picklist: priorities }),
    field('status', 'Status', 'string', READ_ONLY),
    field('requester_id', 'Requester id', 'number'),
    field('organization_id', 'Organization id', 'number'),
    field('tags', 'Tags', 'array'),
    field('updated_at', 'Updated at', 'datetime', READ_ONLY),
  ],
  user: [
    field('id', 'Id', 'number', READ_ONLY),
    field('external_id', 'External id', 'string'),
    field('name', 'Name', 'string', { required: true }),
    field('email', 'E-mail', 'string'),
    field('role', 'Role', 'string'),
    field('organization_id', 'Organization id', 'number'),
    field('tags', 'Tags', 'array'),
    field('updated_at', 'Updated at', 'datetime', READ_ONLY),
  ],
};
