/** Ids beyond 2^53 from the app's bytes to what a job carries: over a real server and our real socket. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AppContext } from '#connector-sdk/connector.js';
import { salesforceConnector } from '#connectors/salesforce/salesforce-connector.js';
import { zendeskConnector } from '#connectors/zendesk/zendesk-connector.js';
import { parseOriginMap } from '#domain/origin-map.js';
import { createHttp } from '#http/create-http.js';
import type { Http } from '#http/http.js';
import { SecretMask } from '#telemetry/secret-mask.js';
import { fixedContext } from './fixed-context.js';

let server: Server;
let http: Http;
let context: AppContext;
let answer = '';
const received: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push(`${request.method} ${request.url} ${body}`);
      response.setHeader('content-type', 'application/json');
      response.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  http = createHttp({ originMap: parseOriginMap(JSON.stringify({ 'https://acme.zendesk.com': origin })) });
  const facts = { instanceUrl: 'https://acme.zendesk.com', settings: { subdomain: 'acme' }, scopes: [], accountId: '' };
  context = fixedContext({ http, connector: zendeskConnector, facts, accessToken: 't', mask: SecretMask.of() });
});
afterAll(async () => {
  await http.close();
  await new Promise((resolve) => server.close(resolve));
});

test('g26: two users whose ids differ in the last digit are two accounts', async () => {
  const ids: string[] = [];
  for (const id of ['123456789012345678', '123456789012345679']) {
    answer = `{"user":{"id":${id},"name":"Ada","role":"admin"}}`;
    ids.push((await zendeskConnector.verify(context, [])).account.id);
  }
  expect(ids).toEqual(['123456789012345678', '123456789012345679']);
});

test('g26: the id of what was made keeps its digits in the output, and goes on as the id of another', async () => {
  const { create_organization: create, create_ticket: ticket } = zendeskConnector.actions;
  answer = '{"organization":{"id":123456789012345678,"name":"Ada","external_id":"x"}}';
  const made = await create!.run(context, { external_id: '123456789012345677', name: 'Ada' }, 'k');
  expect(made).toMatchObject({ id: '123456789012345678' });
  expect(received.at(-1)).toContain('"external_id":"123456789012345677"');
  answer = '{"ticket":{"id":1,"status":"new"}}';
  await ticket!.run(context, { subject: 's', comment: 'c', organization_id: made.id }, 'k');
  expect(received.at(-1)).toContain('123456789012345678');
});

test('g26: a key that has lost digits is refused by name, whatever app', async () => {
  const lost = Number('123456789012345678');
  const { create_organization: create } = zendeskConnector.actions;
  const { upsert_record: upsert } = salesforceConnector.actions;
  const sent = received.length;
  await expect(create!.run(context, { external_id: lost, name: 'Ada' }, 'k')).rejects.toMatchObject({
    code: 'mapping_failed',
    message: expect.stringContaining('external_id') as string,
  });
  const input = { object: 'Account', externalIdField: 'Ext__c', externalId: lost, fields: { Name: 'Ada' } };
  await expect(upsert!.run(context, input, 'k')).rejects.toMatchObject({
    code: 'mapping_failed',
    message: expect.stringContaining('externalId') as string,
  });
  expect(received).toHaveLength(sent);
});
