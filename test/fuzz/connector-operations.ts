/** Everything that connectors do at an app, each with the good answers that it needs: one of them is spoilt by the test. */
import type { AppContext, Connector } from '#connector-sdk/connector.js';
import { parseCursor } from '#connector-sdk/change-cursor.js';
import type { AppName } from './hostile-lane.js';
import type { SeenRequest } from './hostile-server.js';

export interface ConnectorOperation {
  app: AppName;
  name: string;
  run(connector: Connector, context: AppContext): Promise<unknown>;
}

const STAMP = '2026-01-02T03:04:05.000+0000';
const account = {
  attributes: { type: 'Account', url: '/x' },
  Id: '001000000000001AAA',
  SystemModstamp: STAMP,
  Name: 'Acme',
  Website: null,
};
const field = {
  name: 'Name',
  label: 'Name',
  type: 'string',
  custom: false,
  nillable: false,
  createable: true,
  updateable: true,
  picklistValues: [],
};
const controlled = {
  ...field,
  name: 'Sub',
  type: 'picklist',
  dependentPicklist: true,
  controllerName: 'Kind',
  picklistValues: [{ value: 'a', label: 'A', active: true, validFor: 'gAAA' }],
};
const controller = {
  ...field,
  name: 'Kind',
  type: 'picklist',
  picklistValues: [{ value: 'k', label: 'K', active: true, validFor: null }],
};
const summary = {
  name: 'Account',
  label: 'Account',
  custom: false,
  createable: true,
  updateable: true,
  deletable: true,
  queryable: true,
};
const organization = {
  id: 7,
  name: 'Acme',
  external_id: 'e1',
  updated_at: '2026-01-02T03:04:05Z',
  organization_fields: {},
  tags: ['a'],
};
const customField = {
  id: 1,
  key: 'tier',
  type: 'tagger',
  title: 'Tier',
  active: true,
  required: false,
  custom_field_options: [{ name: 'Gold', value: 'gold' }],
};

/** What a healthy app says to this request. */
export function goodBody(app: AppName, { method, path }: SeenRequest): { body: unknown; status: number } {
  const ok = (body: unknown, status = 200) => ({ body, status });
  if (app === 'salesforce') {
    if (path.includes('userinfo'))
      return ok({
        user_id: '005000000000001AAA',
        organization_id: '00D000000000001EAA',
        name: 'Ann',
        preferred_username: 'ann@example.org',
      });
    if (path.includes('/limits')) return ok({ DailyApiRequests: { Max: 1, Remaining: 1 } });
    if (path.includes('/query')) return ok({ done: true, totalSize: 1, records: [account] });
    if (path.endsWith('/describe')) return ok({ ...summary, fields: [field, controller, controlled] });
    if (path.endsWith('/sobjects')) return ok({ sobjects: [summary] });
    if (method === 'POST') return ok({ id: account.Id, success: true, errors: [] }, 201);
    if (method === 'PATCH') return ok({ id: account.Id, success: true, created: true, errors: [] }, 201);
    return ok({ ...account });
  }
  if (path.includes('/users/me'))
    return ok({ user: { id: 7, name: 'Ann', role: 'agent', custom_role_id: 9, suspended: false } });
  if (path.includes('/custom_roles'))
    return ok({
      custom_roles: [{ id: 9, name: 'R', configuration: { organization_editing: true, ticket_access: 'all' } }],
    });
  if (path.includes('/organization_fields')) return ok({ organization_fields: [customField] });
  if (path.includes('/ticket_fields')) return ok({ ticket_fields: [customField] });
  if (path.includes('/user_fields')) return ok({ user_fields: [customField] });
  if (path.includes('/tickets')) return ok({ ticket: { id: 3, status: 'new' } }, 201);
  if (path.includes('/search')) return ok({ organizations: [organization], count: 1 });
  return ok({ organization }, 201);
}

const RECORD = { object: 'Account', fields: { Name: 'Acme', Ext__c: 'e1' } };
const ORGANIZATION = { external_id: 'e1', name: 'Acme', tags: ['a'] };
const REQUIREMENTS: Record<AppName, string[]> = {
  salesforce: ['Account:read', 'Account.Name:edit', 'constructor:read'],
  zendesk: ['organizations:write', 'tickets:write', 'constructor:read'],
};

const verify = (app: AppName): ConnectorOperation => ({
  app,
  name: 'verify',
  run: (connector, context) => connector.verify(context, REQUIREMENTS[app]),
});
const objects = (app: AppName): ConnectorOperation => ({
  app,
  name: 'objects',
  run: (connector, context) => connector.objects(context),
});
const object = (app: AppName, name: string): ConnectorOperation => ({
  app,
  name: `object ${name}`,
  run: (connector, context) => connector.object(context, name),
});
const picklist = (app: AppName, name: string, parameters: Record<string, string>): ConnectorOperation => ({
  app,
  name: `picklist ${name}`,
  run: (connector, context) => connector.picklist(context, name, parameters),
});
const run = (app: AppName, name: string, input: Record<string, unknown>): ConnectorOperation => ({
  app,
  name,
  run: (connector, context) => connector.actions[name]!.run(context, input, 'step-key'),
});
const lookUp = (app: AppName, name: string, input: Record<string, unknown>): ConnectorOperation => ({
  app,
  name: `${name}, looked up`,
  run: (connector, context) => connector.actions[name]!.lookUp!(context, input, 'step-key'),
});

/** A trigger's cursor is kept for ever: one that cannot be read again would stop the recipe. */
async function poll(connector: Connector, context: AppContext, input: object, cursor: string | null): Promise<unknown> {
  const page = await connector.triggers.new_or_updated_account!.poll(context, { ...input }, cursor, 10);
  const kept = parseCursor(page.cursor);
  const stamp = Date.parse(kept?.stamp ?? '');
  // Beyond tomorrow it would pass over what happens until then.
  if (!kept || Number.isNaN(stamp) || stamp > Date.now() + 86_400_000)
    throw new Error(`A cursor that nobody can go on from: ${page.cursor.slice(0, 200)}`);
  return page;
}
const trigger = (name: string, input: object, cursor: string | null): ConnectorOperation => ({
  app: 'salesforce',
  name: `poll ${name}`,
  run: (connector, context) => poll(connector, context, input, cursor),
});

export const OPERATIONS: ConnectorOperation[] = [
  verify('salesforce'),
  trigger('from the beginning', { since: 'beginning' }, null),
  trigger('from now on', { since: 'now' }, null),
  trigger('from a cursor', { since: 'now' }, JSON.stringify({ stamp: '2026-01-01T00:00:00.000Z', id: '', seen: [] })),
  run('salesforce', 'create_record', RECORD),
  lookUp('salesforce', 'create_record', { ...RECORD, externalIdField: 'Ext__c' }),
  run('salesforce', 'upsert_record', {
    object: 'Account',
    externalIdField: 'Ext__c',
    externalId: 'e1',
    fields: { Name: 'Acme' },
  }),
  run('salesforce', 'update_record', { object: 'Account', id: account.Id, fields: { Name: 'Acme' } }),
  objects('salesforce'),
  object('salesforce', 'Account'),
  picklist('salesforce', 'objects', {}),
  picklist('salesforce', 'picklist_values', { object: 'Account', field: 'Sub', controllingValue: 'k' }),
  verify('zendesk'),
  run('zendesk', 'create_or_update_organization', ORGANIZATION),
  run('zendesk', 'create_organization', ORGANIZATION),
  lookUp('zendesk', 'create_organization', ORGANIZATION),
  run('zendesk', 'create_ticket', { subject: 'S', comment: 'C' }),
  object('zendesk', 'organization'),
  object('zendesk', 'ticket'),
  object('zendesk', 'user'),
  picklist('zendesk', 'organization_field_options', { field: 'tier' }),
];
