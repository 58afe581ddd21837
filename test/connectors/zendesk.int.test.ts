/** The Zendesk connector against the emulator, over its real HTTP. */
import type { AppContext } from '#connector-sdk/connector.js';
import { zendeskConnector as connector } from '#connectors/zendesk/zendesk-connector.js';
import {
  connect,
  liveContext,
  startEmulatedApps,
  tokenCall,
  zendeskAdmin,
  type EmulatedApps,
} from './emulated-apps.js';

let apps: EmulatedApps;
let context: AppContext;
beforeAll(async () => {
  apps = await startEmulatedApps();
});
afterAll(() => apps.close());
beforeEach(async () => {
  await apps.control('POST', '/reset', {});
  await apps.control('DELETE', '/faults');
  context = await contextWith();
});

async function contextWith(scopes?: string[]): Promise<AppContext> {
  const call = tokenCall(apps, 'zendesk');
  return liveContext(apps.http, connector, call, await connect(apps, call, zendeskAdmin, scopes));
}
const rights = (body: object) =>
  apps.control('POST', '/zendesk/acme/rights', { username: zendeskAdmin.username, ...body });
const write = (input: Record<string, unknown>) =>
  connector.actions.create_or_update_organization!.run(context, input, 'k');

describe('verify', () => {
  it('tells who it is; names what the role does not allow; and that it is back', async () => {
    expect(await connector.verify(context, ['organizations:write'])).toMatchObject({
      accepted: true,
      instance: { id: 'acme', url: 'https://acme.zendesk.com' },
      missing: [],
      satisfied: ['organizations:write'],
    });
    await rights({ role: 'agent' });
    expect(await connector.verify(context, ['organizations:write', 'tickets:write'])).toMatchObject({
      missing: [{ requirement: 'organizations:write' }],
      satisfied: ['tickets:write'],
    });
    await expect(write({ external_id: 'x', name: 'X' })).rejects.toMatchObject({
      code: 'right_missing',
      options: { requirement: 'organizations:write' },
    });
    await rights({ role: 'admin' });
    expect((await connector.verify(context, ['organizations:write'])).missing).toEqual([]);
  });

  it('a dead bearer is not accepted', async () => {
    await apps.control('POST', '/zendesk/acme/expire-access-tokens', {});
    expect(await connector.verify(context, [])).toMatchObject({ accepted: false });
    await expect(write({ external_id: 'x', name: 'X' })).rejects.toMatchObject({ code: 'access_token_rejected' });
  });

  it('a narrow grant: the missing scope is named, by verify and by the step', async () => {
    context = await contextWith(['read']);
    expect((await connector.verify(context, ['organizations:write'])).missing).toMatchObject([
      { requirement: 'organizations:write' },
    ]);
    await expect(write({ external_id: 'x', name: 'X' })).rejects.toMatchObject({
      code: 'scope_missing',
      options: { requirement: 'organizations:write' },
    });
  });
});

describe('actions', () => {
  it('creates or updates by external id', async () => {
    const made = await write({ external_id: '001AAA', name: 'Acme Ltd', organization_fields: { tier: 'gold' } });
    expect(made).toMatchObject({ created: true, external_id: '001AAA' });
    expect(await write({ external_id: '001AAA', name: 'Acme Limited' })).toMatchObject({
      created: false,
      id: made.id,
      name: 'Acme Limited',
    });
  });

  it('a name that another organization has: refused, with the cure', async () => {
    await write({ external_id: '1', name: 'Twice' });
    await expect(write({ external_id: '2', name: 'Twice' })).rejects.toMatchObject({
      code: 'app_rejected_request',
      message: expect.stringContaining('external id') as string,
    });
  });

  it('create_organization can be looked up', async () => {
    const action = connector.actions.create_organization!;
    const input = { external_id: '42', name: 'Once' };
    expect(await action.lookUp!(context, input, 'k')).toBeNull();
    const made = await action.run(context, input, 'k');
    expect(await action.lookUp!(context, input, 'k')).toEqual(made);
  });

  it('create_ticket twice with one key makes one ticket', async () => {
    const action = connector.actions.create_ticket!;
    const first = await action.run(context, { subject: 'S', comment: 'C' }, 'key-1');
    expect(await action.run(context, { subject: 'S', comment: 'C' }, 'key-1')).toEqual(first);
    expect((await action.run(context, { subject: 'S', comment: 'C' }, 'key-2')).id).not.toBe(first.id);
  });

  it('429 and 503 carry their pause', async () => {
    await apps.control('POST', '/faults', {
      app: 'zendesk',
      path: '/api/v2/organizations',
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '9' },
    });
    await expect(write({ external_id: 'x', name: 'X' })).rejects.toMatchObject({
      code: 'rate_limited',
      options: { retryAfterMs: 9_000 },
    });
  });
});

describe('metadata', () => {
  it('custom fields and their options', async () => {
    const { fields } = await connector.object(context, 'organization');
    expect(fields.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['name', 'organization_fields.tier', 'organization_fields.industry']),
    );
    expect(await connector.picklist(context, 'organization_field_options', { field: 'tier' })).toEqual(
      expect.arrayContaining([{ value: 'gold', label: 'Gold' }]),
    );
  });
});
