/** Records and lists that are larger than one answer may be, over the emulators' real HTTP and our own limit. */
import { randomUUID } from 'node:crypto';
import type { AppContext, AppRequest } from '#connector-sdk/connector.js';
import { salesforceConnector } from '#connectors/salesforce/salesforce-connector.js';
import { zendeskConnector } from '#connectors/zendesk/zendesk-connector.js';
import { createHttp } from '#http/create-http.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import { sendToApp } from '../../apps/worker/app-calls/app-request.js';
import { classifiedError } from '../../libs/connector-sdk/classified-error.js';
import {
  connect,
  salesforceAdmin,
  startEmulatedApps,
  tokenCall,
  zendeskAdmin,
  type EmulatedApps,
} from './emulated-apps.js';

let apps: EmulatedApps;
beforeAll(async () => {
  apps = await startEmulatedApps();
});
afterAll(() => apps.close());

/** A context as the worker makes one: its judgements, its texts. */
async function contextOf(app: 'salesforce' | 'zendesk', maxResponseBytes?: number): Promise<AppContext> {
  const connector = app === 'salesforce' ? salesforceConnector : zendeskConnector;
  const tokens = tokenCall(apps, app);
  const token = await connect(apps, tokens, app === 'salesforce' ? salesforceAdmin : zendeskAdmin);
  const http = createHttp({
    originMap: apps.originMap,
    ...(maxResponseBytes ? { maxResponseBytes } : {}),
  });
  const instanceUrl = connector.tokenFacts(token.raw, tokens.settings).instanceUrl!;
  const send = (request: AppRequest) =>
    sendToApp({
      http,
      connector,
      instanceUrl,
      accessToken: token.accessToken,
      mask: SecretMask.of(),
      request,
      timeoutMs: 10_000,
    });
  const call: AppContext['call'] = async (request) => {
    const { response, judged } = await send(request);
    if (judged.kind === 'error') throw classifiedError(judged, response, request);
    return response;
  };
  const ask: AppContext['ask'] = async (request) => (await send(request)).response;
  return { instanceUrl, settings: tokens.settings, scopes: token.scopes ?? [], accountId: '', call, ask };
}

const poll = (context: AppContext, cursor: string | null) =>
  salesforceConnector.triggers.new_or_updated_account!.poll(context, { since: 'beginning' }, cursor, 100);

describe('g04: Salesforce', () => {
  beforeEach(async () => {
    await apps.control('POST', '/reset', {});
  });
  /** Two minutes on: what was made lies behind the settle time and the overlap. */
  const later = () => apps.control('PATCH', '/salesforce/production/policy', { clockSkewSeconds: 120 });
  const create = (fields: object) => apps.control('POST', '/salesforce/production/records/Account', fields);

  it('54 accounts with 96 KB each, and small ones behind them, are all told', async () => {
    for (let n = 0; n < 54; n += 1) await create({ Name: `Large ${n}`, Description: '€'.repeat(32_000) });
    await create({ Name: 'Small' });
    await later();
    const context = await contextOf('salesforce');
    const { events, more } = await poll(context, null);
    expect(more).toBe(false);
    const large = events.filter(({ data }) => String(data.Name).startsWith('Large'));
    expect(large).toHaveLength(54);
    expect(large.every(({ data }) => (data.Description as string).length === 32_000)).toBe(true);
    expect(events.some(({ data }) => data.Name === 'Small')).toBe(true);
  }, 30_000);

  it('one account that alone is too large is told without its data; the next poll is past it', async () => {
    await create({ Name: 'Large', Description: 'x'.repeat(32_000) });
    await later();
    const context = await contextOf('salesforce', 30_000);
    const { events, cursor } = await poll(context, null);
    const unread = events.filter((event) => event.unread);
    expect(unread).toHaveLength(1);
    expect(unread[0]).toMatchObject({ data: { Id: unread[0]!.recordId } });
    expect((await poll(context, cursor)).events).toEqual([]);
  });

  it('a look at a record that is too large still finds it; another read says that the limit is ours', async () => {
    const { id, Id } = (await create({
      Name: 'Large',
      Description: 'x'.repeat(32_000),
      Erp_Number__c: randomUUID().slice(0, 30),
    })) as Record<string, string>;
    const context = await contextOf('salesforce', 30_000);
    const erp = (await context.call({
      method: 'GET',
      path: `/services/data/v60.0/sobjects/Account/${Id ?? id}`,
      query: { fields: 'Erp_Number__c' },
    })) as { json: { Erp_Number__c: string } };
    const input = {
      object: 'Account',
      fields: { Name: 'Large', Erp_Number__c: erp.json.Erp_Number__c },
      externalIdField: 'Erp_Number__c',
    };
    expect(await salesforceConnector.actions.create_record!.lookUp!(context, input, 'k')).toEqual({ id: Id ?? id });
    const whole = context.call({ method: 'GET', path: `/services/data/v60.0/sobjects/Account/${Id ?? id}` });
    await expect(whole).rejects.toMatchObject({
      code: 'answer_too_large',
      message: expect.stringMatching(/The limit is ours.*more than 30000 bytes/) as string,
    });
    await expect(whole).rejects.not.toMatchObject({ message: expect.stringContaining('refused') as string });
    const write = context.call({
      method: 'POST',
      path: '/services/data/v60.0/composite/sobjects/Account',
      json: { ids: [Id ?? id], fields: ['Description'] },
    });
    await expect(write).rejects.toMatchObject({
      code: 'outcome_unknown',
      message: expect.stringContaining('The app has answered') as string,
    });
  });
});

test('g04: Zendesk lists are read page by page, smaller ones where an answer is too large', async () => {
  const whole = await zendeskConnector.object(await contextOf('zendesk'), 'organization');
  const small = await zendeskConnector.object(await contextOf('zendesk', 1_500), 'organization');
  expect(small).toEqual(whole);
  expect(whole.fields.filter(({ custom }) => custom).length).toBeGreaterThan(1);
});
