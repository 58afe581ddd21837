import {
  refreshSalesforce,
  salesforceAdmin,
  salesforceTokens,
  send,
  startForTest,
  type Answer,
  type Running,
} from '../testing/running.js';

let running: Running;
beforeAll(async () => {
  running = await startForTest();
});
afterAll(async () => running.stop());
beforeEach(async () => {
  await running.control('POST', '/reset', {});
  await running.control('DELETE', '/faults');
  await running.control('DELETE', '/log');
});

const fault = (body: Record<string, unknown>): Promise<unknown> =>
  running.control('POST', '/faults', { app: 'salesforce', path: '/services/oauth2/token', ...body });
const production = async (): Promise<unknown> => (await running.control('GET', '/counts'))['salesforce/production'];
const entries = async (path: string): Promise<Record<string, unknown>[]> =>
  (await running.control('GET', `/log?path=${path}`)).entries as Record<string, unknown>[];

test('close_after: the token was rotated, the answer was lost, and the log says both', async () => {
  await running.control('PATCH', '/salesforce/production/policy', { rotation: true });
  const tokens = await salesforceTokens(running);
  await fault({ grantType: 'refresh_token', kind: 'close_after' });
  await expect(refreshSalesforce(running, tokens.refresh_token)).rejects.toThrow();
  expect(await production()).toMatchObject({
    byGrantType: { authorization_code: 1, refresh_token: 1 },
    refreshesSucceeded: 1,
  });
  expect((await entries('/services/oauth2/token')).at(-1)).toMatchObject({
    status: 0,
    didWork: true,
    grantType: 'refresh_token',
    username: salesforceAdmin.username,
    faultId: expect.any(String),
  });
  expect((await refreshSalesforce(running, tokens.refresh_token)).body.error).toBe('invalid_grant');
});

test('close_before: nothing happened', async () => {
  await running.control('PATCH', '/salesforce/production/policy', { rotation: true });
  const tokens = await salesforceTokens(running);
  await fault({ kind: 'close_before' });
  await expect(refreshSalesforce(running, tokens.refresh_token)).rejects.toThrow();
  expect(await production()).toMatchObject({ refreshesSucceeded: 0, tokenCalls: 2 });
  expect((await entries('/services/oauth2/token')).at(-1)).toMatchObject({ status: 0, didWork: false });
  expect((await refreshSalesforce(running, tokens.refresh_token)).status).toBe(200);
});

test('close_after on a write: the record is there', async () => {
  const tokens = await salesforceTokens(running);
  await fault({ path: '/services/data/', method: 'POST', kind: 'close_after' });
  const create = (): Promise<Answer> =>
    send(`${String(tokens.instance_url)}/services/data/v60.0/sobjects/Account`, {
      token: String(tokens.access_token),
      json: { Name: 'Lost answer' },
    });
  await expect(create()).rejects.toThrow();
  const { records } = (await running.control('GET', '/salesforce/production/records/Account')) as {
    records: { Name: string }[];
  };
  expect(records.filter((row) => row.Name === 'Lost answer')).toHaveLength(1);
  expect(await production()).toMatchObject({ accepted: { 'Account.create': 1 } });
});

test('a status fault answers in place of the work, HTML too, as often as asked', async () => {
  const tokens = await salesforceTokens(running);
  await fault({ kind: 'status', status: 503, headers: { 'retry-after': '7' }, body: '<html>down</html>', times: 2 });
  for (let i = 0; i < 2; i += 1) {
    const answer = await refreshSalesforce(running, tokens.refresh_token);
    expect(answer).toMatchObject({ status: 503, text: '<html>down</html>' });
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(answer.headers.get('content-type')).toContain('text/html');
  }
  expect((await refreshSalesforce(running, tokens.refresh_token)).status).toBe(200);
  await fault({ kind: 'status', status: 200, body: { error: 'invalid_grant' }, times: -1 });
  expect((await refreshSalesforce(running, tokens.refresh_token)).body).toEqual({ error: 'invalid_grant' });
});

test('delay_after holds the answer of work that is done; delay holds the work', async () => {
  const tokens = await salesforceTokens(running);
  const before = Date.now();
  await fault({ kind: 'delay_after', delayMs: 150 });
  expect((await refreshSalesforce(running, tokens.refresh_token)).status).toBe(200);
  await fault({ kind: 'delay', delayMs: 150 });
  expect((await refreshSalesforce(running, tokens.refresh_token)).status).toBe(200);
  expect(Date.now() - before).toBeGreaterThanOrEqual(295);
});

test('the log keeps bodies without their secrets, and every secret is on the list', async () => {
  const tokens = await salesforceTokens(running);
  await refreshSalesforce(running, tokens.refresh_token);
  const log = JSON.stringify((await running.control('GET', '/log')).entries);
  const { secrets } = (await running.control('GET', '/secrets')) as { secrets: string[] };
  for (const name of ['access_token', 'refresh_token']) expect(secrets).toContain(tokens[name]);
  expect(secrets).toContain('hawser-demo-1');
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
  expect(log).toContain('"grant_type":"refresh_token"');
});

test('access tokens expire on demand; refresh tokens live on', async () => {
  const tokens = await salesforceTokens(running);
  const limits = (): Promise<Answer> =>
    send(`${String(tokens.instance_url)}/services/data/v60.0/limits`, { token: String(tokens.access_token) });
  expect((await limits()).status).toBe(200);
  await running.control('POST', '/salesforce/production/expire-access-tokens', {});
  expect((await limits()).status).toBe(401);
  expect((await refreshSalesforce(running, tokens.refresh_token)).status).toBe(200);
  await running.control('POST', '/salesforce/production/revoke', { username: salesforceAdmin.username });
  expect((await refreshSalesforce(running, tokens.refresh_token)).status).toBe(400);
});

test('bad wishes are refused with a sentence, other hosts not answered at all', async () => {
  const ask = (path: string, json: unknown): Promise<Answer> =>
    send(`${running.addresses.control}/_emulator${path}`, { json });
  expect(await ask('/faults', { app: 'salesforce', path: '/x', kind: 'nothing' })).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining('kind must be one of') },
  });
  expect(await ask('/salesforce/nowhere/revoke', {})).toMatchObject({
    status: 404,
    body: { error: 'no org salesforce/nowhere' },
  });
  expect((await ask('/salesforce/production/revoke', { username: 'nobody' })).status).toBe(404);
  expect((await send(`${running.addresses.salesforceInstance}/`)).text).toContain('Nordlicht Werften AG');
});
