import { request } from 'node:http';
import { startForTest, type Json, type Running } from './testing/running.js';

let running: Running;
beforeAll(async () => {
  running = await startForTest();
});
afterAll(async () => running.stop());

/** fetch() lets nobody set the Host header. */
function askAs(address: string, host: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    request({ hostname, port, path, headers: { host } }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

const issuer = async (address: string, host: string): Promise<Json> =>
  JSON.parse((await askAs(address, host, '/.well-known/openid-configuration')).body) as Json;

test('asked by a vendor host, the answer names vendor hosts; asked at loopback, loopback', async () => {
  const { salesforceLogin, salesforceInstance, zendesk } = running.addresses;
  expect((await issuer(salesforceLogin, 'login.salesforce.com')).token_endpoint).toBe(
    'https://login.salesforce.com/services/oauth2/token',
  );
  expect((await issuer(salesforceInstance, 'hawser-dev.my.salesforce.com')).issuer).toBe(
    'https://hawser-dev.my.salesforce.com',
  );
  expect((await issuer(salesforceInstance, new URL(salesforceInstance).host)).issuer).toBe(salesforceInstance);
  expect((await askAs(zendesk, 'acme.zendesk.com', '/api/v2/users/me.json')).body).toContain(
    '"url":"https://acme.zendesk.com/api/v2/users/.json"',
  );
});

test('one port serves all vendor hosts that a wildcard sends there', async () => {
  const { salesforceInstance, zendesk } = running.addresses;
  expect((await issuer(salesforceInstance, 'hawser-dev--uat.sandbox.my.salesforce.com')).issuer).toBe(
    'https://hawser-dev--uat.sandbox.my.salesforce.com',
  );
  expect((await askAs(zendesk, 'acme-sandbox.zendesk.com', '/api/v2/users/me')).body).toContain(
    'https://acme-sandbox.zendesk.com/',
  );
});

test('an unknown subdomain is a 404 page', async () => {
  expect(await askAs(running.addresses.zendesk, 'nobody.zendesk.com', '/api/v2/users/me')).toMatchObject({
    status: 404,
    body: expect.stringContaining('<html'),
  });
});

test('the control API hides from other names', async () => {
  expect((await askAs(running.addresses.control, 'evil.example', '/_emulator/secrets')).status).toBe(403);
});
