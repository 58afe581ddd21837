/** The Salesforce connector against the emulator, over its real HTTP. */
import type { AppContext } from '#connector-sdk/connector.js';
import type { TriggerEvent } from '#domain/recipe.js';
import { salesforceConnector as connector } from '#connectors/salesforce/salesforce-connector.js';
import {
  connect,
  liveContext,
  salesforceAdmin,
  startEmulatedApps,
  tokenCall,
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
  // Two minutes on: the seed lies behind the settle time and the overlap.
  await apps.control('PATCH', '/salesforce/production/policy', { clockSkewSeconds: 120 });
  const call = tokenCall(apps, 'salesforce');
  context = liveContext(apps.http, connector, call, await connect(apps, call, salesforceAdmin));
});
const skew = (clockSkewSeconds: number) => apps.control('PATCH', '/salesforce/production/policy', { clockSkewSeconds });
const rights = (body: object) =>
  apps.control('POST', '/salesforce/production/rights', { username: salesforceAdmin.username, ...body });
const poll = (cursor: string | null, since = 'beginning', limit = 50) =>
  connector.triggers.new_or_updated_account!.poll(context, { since }, cursor, limit);

describe('verify', () => {
  it('tells who it is; names a right that is gone; and that it is back', async () => {
    const good = await connector.verify(context, ['Account:read', 'Account:create']);
    expect(good).toMatchObject({
      accepted: true,
      missing: [],
      satisfied: ['Account:read', 'Account:create'],
      account: { label: salesforceAdmin.username },
    });
    expect([good.account.id, good.instance.id].map((id) => id.length)).toEqual([18, 18]);
    await rights({ object: 'Account', create: false });
    expect(await connector.verify(context, ['Account:read', 'Account:create'])).toMatchObject({
      accepted: true,
      missing: [{ requirement: 'Account:create' }],
      satisfied: ['Account:read'],
    });
    await rights({ object: 'Account', read: false });
    expect((await connector.verify(context, ['Account:read'])).missing).toHaveLength(1);
    await expect(poll(null)).rejects.toMatchObject({ code: 'right_missing', options: { requirement: 'Account:read' } });
    await rights({ object: 'Account', read: true, create: true, edit: true });
    expect((await connector.verify(context, ['Account:read', 'Account:create'])).missing).toEqual([]);
  });

  it('an expired or revoked access token is not accepted', async () => {
    await apps.control('POST', '/salesforce/production/expire-access-tokens', {});
    expect(await connector.verify(context, [])).toMatchObject({ accepted: false });
    await expect(context.call({ method: 'GET', path: '/services/data/v60.0/limits' })).rejects.toMatchObject({
      code: 'access_token_rejected',
    });
  });

  it('a spent quota and a down server are no answer', async () => {
    await apps.control('POST', '/faults', {
      app: 'salesforce',
      path: '/services/data/',
      kind: 'status',
      status: 503,
      body: '<html></html>',
    });
    await expect(connector.verify(context, [])).rejects.toMatchObject({ code: 'app_unavailable' });
  });
});

describe('new or updated account', () => {
  const numbered = (events: TriggerEvent[]) => events.map(({ recordId, stamp }) => `${recordId} ${stamp}`);

  it('reads the twelve seeded accounts once, in steps of five', async () => {
    const seen: TriggerEvent[] = [];
    let cursor: string | null = null;
    for (let more = true; more;) {
      const page = await poll(cursor, 'beginning', 5);
      seen.push(...page.events);
      ({ cursor, more } = page);
    }
    expect(new Set(numbered(seen)).size).toBe(12);
    expect(seen).toHaveLength(12);
    expect(seen.map(({ data }) => data.Name)).toContain("Juniper O'Brien Media");
    expect(seen[0]?.recordId).toMatch(/^001\w{15}$/);
    expect(Object.keys(seen[0]!.data)).toEqual(
      expect.arrayContaining(['Id', 'Name', 'Industry', 'SystemModstamp', 'Support_Tier__c']),
    );
    expect((await poll(cursor)).events).toEqual([]);
  });

  it('tells a change once, and not before it has settled', async () => {
    const { cursor } = await poll(null);
    const { records } = (await apps.control('GET', '/salesforce/production/records/Account')) as {
      records: { Id: string }[];
    };
    await apps.control('PATCH', `/salesforce/production/records/Account/${records[3]!.Id}`, { Phone: '+49 1' });
    expect((await poll(cursor)).events).toEqual([]);
    await skew(125);
    const page = await poll(cursor);
    expect(page.events.map(({ recordId, data }) => [recordId, data.Phone])).toEqual([[records[3]!.Id, '+49 1']]);
    expect((await poll(page.cursor)).events).toEqual([]);
  });

  it('since now: nothing of the seed', async () => {
    const start = await poll(null, 'now');
    expect(start.events).toEqual([]);
    await apps.control('POST', '/salesforce/production/records/Account', { Name: 'New one' });
    await skew(125);
    expect((await poll(start.cursor, 'now')).events.map(({ data }) => data.Name)).toEqual(['New one']);
  });

  it('a field that is taken away is simply not there', async () => {
    await rights({ object: 'Account', field: 'Phone', read: false });
    const { events } = await poll(null);
    expect(events).toHaveLength(12);
    expect(Object.keys(events[0]!.data)).not.toContain('Phone');
  });
});

describe('actions', () => {
  it('creates, updates, upserts, and looks up', async () => {
    const { create_record: create, update_record: update, upsert_record: upsert } = connector.actions;
    const input = {
      object: 'Account',
      fields: { Name: 'Made', External_Key__c: 'K-1' },
      externalIdField: 'External_Key__c',
    };
    expect(await create!.lookUp!(context, input, 'k')).toBeNull();
    const made = await create!.run(context, input, 'k');
    expect(await create!.lookUp!(context, input, 'k')).toEqual(made);
    await update!.run(context, { object: 'Account', id: made.id, fields: { Phone: '1' } }, 'k');
    const key = { object: 'Account', externalIdField: 'External_Key__c', fields: { Name: 'Made', Phone: '2' } };
    expect(await upsert!.run(context, { ...key, externalId: 'K-1' }, 'k')).toEqual({ id: made.id, created: false });
    expect(await upsert!.run(context, { ...key, externalId: 'K-2' }, 'k')).toMatchObject({ created: true });
  });

  it.each<[string, Record<string, unknown>, object]>([
    [
      'a required field',
      { fields: { Phone: '1' } },
      { code: 'app_rejected_request', message: expect.stringContaining('Name') as string },
    ],
    [
      'an unknown field',
      { fields: { Name: 'A', Nope__c: '1' } },
      { code: 'right_missing', options: { requirement: 'Account.Nope__c:edit' } },
    ],
    [
      'an unknown object',
      { object: 'Nope__c', fields: { Name: 'A' } },
      { code: 'right_missing', options: { requirement: 'Nope__c:create' } },
    ],
  ])('names %s', async (_, input, expected) => {
    await expect(
      connector.actions.create_record!.run(context, { object: 'Account', ...input }, 'k'),
    ).rejects.toMatchObject(expected);
  });

  it('names a right that is taken away', async () => {
    const input = { object: 'Account', fields: { Name: 'A' } };
    await rights({ object: 'Account', create: false });
    await expect(connector.actions.create_record!.run(context, input, 'k')).rejects.toMatchObject({
      code: 'right_missing',
      options: { requirement: 'Account:create' },
    });
    await rights({ object: 'Account', read: false });
    await expect(connector.actions.create_record!.run(context, input, 'k')).rejects.toMatchObject({
      code: 'right_missing',
      options: { requirement: 'Account:create' },
    });
  });
});

describe('metadata', () => {
  it('objects, fields, picklists', async () => {
    expect((await connector.objects(context)).map(({ name }) => name)).toContain('Account');
    const account = await connector.object(context, 'Account');
    expect(account.fields.find(({ name }) => name === 'Name')).toMatchObject({ required: true });
    const ratings = await connector.picklist(context, 'picklist_values', { object: 'Account', field: 'Rating' });
    expect(ratings.map(({ value }) => value)).toContain('Hot');
  });
});
