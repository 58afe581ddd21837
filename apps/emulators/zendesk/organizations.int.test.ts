import { send, startForTest, zendeskAdmin, zendeskTokens, type Answer, type Running } from '../testing/running.js';

let running: Running;
let token: string;
beforeAll(async () => {
  running = await startForTest();
});
afterAll(async () => running.stop());
beforeEach(async () => {
  await running.control('POST', '/reset', { app: 'zendesk' });
  token = String((await zendeskTokens(running)).access_token);
});

const api = (): string => `${running.addresses.zendesk}/api/v2`;
const get = (path: string): Promise<Answer> => send(api() + path, { token });
const write = (method: string, path: string, organization: unknown): Promise<Answer> =>
  send(api() + path, { method, token, json: { organization } });

test('create, show, change, delete, with the headers of the API', async () => {
  const made = await write('POST', '/organizations.json', {
    name: 'Acme',
    tags: ['a', 'b'],
    organization_fields: { tier: 'gold', unknown: 1 },
  });
  expect(made.status).toBe(201);
  const { organization } = made.body;
  expect(organization.id).toBeGreaterThan(2 ** 32);
  expect(organization.id).toBeLessThan(2 ** 53);
  expect(made.headers.get('location')).toBe(organization.url);
  expect(organization.url).toBe(`${api()}/organizations/${organization.id}.json`);
  expect(organization.organization_fields).toMatchObject({ tier: 'gold' });
  expect(organization.organization_fields).not.toHaveProperty('unknown');
  const path = `/organizations/${organization.id}`;
  expect((await write('PUT', path, { tags: ['c'], details: 'd' })).body.organization).toMatchObject({
    name: 'Acme',
    tags: ['c'],
    details: 'd',
  });
  const shown = await get(`${path}.json`);
  for (const header of [
    'x-rate-limit',
    'rate-limit',
    'x-rate-limit-remaining',
    'rate-limit-remaining',
    'rate-limit-reset',
    'ratelimit-limit',
    'x-request-id',
    'etag',
  ]) {
    expect(shown.headers.get(header)).toBeTruthy();
  }
  expect(shown.headers.get('x-zendesk-api-version')).toBe('v2');
  // Many clients name a JSON type with an empty body.
  expect(
    (await send(api() + path, { method: 'DELETE', token, headers: { 'content-type': 'application/json' } })).status,
  ).toBe(204);
  expect(await get(path)).toMatchObject({ status: 404, body: { error: 'RecordNotFound', description: 'Not found' } });
  expect((await get('/nothing')).body).toEqual({ error: 'InvalidEndpoint', description: 'Not found' });
});

test('a name that another one has is a 422, whatever its case', async () => {
  await write('POST', '/organizations', { name: 'Acme' });
  expect(await write('POST', '/organizations', { name: 'ACME' })).toMatchObject({
    status: 422,
    body: {
      error: 'RecordInvalid',
      description: 'Record validation errors',
      details: { name: [{ description: 'Name: ACME has already been taken', error: 'DuplicateValue' }] },
    },
  });
});

test('create_or_update goes by external id, without its case, and never by name', async () => {
  const upsert = (organization: unknown): Promise<Answer> =>
    write('POST', '/organizations/create_or_update', organization);
  const first = await upsert({ name: 'One', external_id: '0015eH00000blJJ' });
  expect(first.status).toBe(201);
  const second = await upsert({ name: 'Two', external_id: '0015eH00000blJj' });
  expect(second).toMatchObject({
    status: 200,
    body: { organization: { id: first.body.organization.id, name: 'Two' } },
  });
  expect((await upsert({ name: 'two', external_id: 'other' })).status).toBe(422);
  expect((await get('/organizations/search.json?external_id=0015EH00000BLJJ')).body).toMatchObject({
    count: 1,
    organizations: [{ name: 'Two' }],
  });
  expect((await running.control('GET', '/counts'))['zendesk/acme']).toMatchObject({
    accepted: { 'organizations.create_or_update': 2 },
  });
});

test('scopes that are too small are named', async () => {
  await running.control('POST', '/zendesk/acme/scopes', { username: zendeskAdmin.username, scopes: ['read'] });
  expect((await get('/organizations')).status).toBe(200);
  expect(await write('POST', '/organizations', { name: 'x' })).toMatchObject({
    status: 403,
    body: {
      error: 'Forbidden',
      description: 'You are missing the following required scopes: organizations:write, write',
    },
  });
});

test('an agent may change notes and nothing else', async () => {
  const { id } = (await write('POST', '/organizations', { name: 'Acme' })).body.organization;
  await running.control('POST', '/zendesk/acme/rights', { username: zendeskAdmin.username, role: 'agent' });
  const refused = {
    status: 403,
    body: { error: { title: 'Forbidden', message: expect.stringContaining('You do not have access to this page.') } },
  };
  expect(await write('POST', '/organizations', { name: 'New' })).toMatchObject(refused);
  expect(await write('PUT', `/organizations/${id}`, { name: 'New' })).toMatchObject(refused);
  expect((await write('PUT', `/organizations/${id}`, { notes: 'n' })).body.organization.notes).toBe('n');
  await running.control('POST', '/zendesk/acme/rights', {
    username: zendeskAdmin.username,
    object: 'organizations',
    create: true,
  });
  expect((await write('POST', '/organizations', { name: 'New' })).status).toBe(201);
});

test('lists by cursor and by offset', async () => {
  for (let i = 0; i < 5; i += 1)
    await running.control('POST', '/zendesk/acme/records/organizations', { name: `Org ${i}` });
  const names: string[] = [];
  let url: string | null = `${api()}/organizations.json?page[size]=2`;
  while (url !== null) {
    const page: Answer = await send(url, { token });
    names.push(...page.body.organizations.map((row: { name: string }) => row.name));
    url = page.body.meta.has_more ? page.body.links.next : null;
  }
  expect(names).toEqual(['Org 0', 'Org 1', 'Org 2', 'Org 3', 'Org 4']);
  const second = await get('/organizations.json?page=2&per_page=2');
  expect(second.body).toMatchObject({
    count: 5,
    next_page: `${api()}/organizations.json?page=3&per_page=2`,
    previous_page: `${api()}/organizations.json?page=1&per_page=2`,
  });
  expect((await get('/organizations.json?page=101&per_page=100')).status).toBe(400);
});

test('bulk work is a job that has to be looked at twice', async () => {
  const made = await send(`${api()}/organizations/create_many.json`, {
    token,
    json: { organizations: [{ name: 'A' }, { name: 'a' }] },
  });
  expect(made.body.job_status).toMatchObject({
    status: 'queued',
    total: 2,
    id: expect.stringMatching(/^V3-[0-9a-f]{32}$/),
  });
  const url = String(made.body.job_status.url);
  expect((await send(url, { token })).body.job_status.status).toBe('queued');
  expect((await send(url, { token })).body.job_status).toMatchObject({
    status: 'completed',
    progress: 2,
    results: [
      { id: expect.any(Number), status: 'Created' },
      { index: 1, error: 'RecordInvalid' },
    ],
  });
});

test('the incremental export needs a start that is a minute old, and shows deletions', async () => {
  const { id } = (await write('POST', '/organizations', { name: 'Gone' })).body.organization;
  await send(`${api()}/organizations/${id}`, { method: 'DELETE', token });
  const now = Math.floor(Date.now() / 1_000);
  expect(await get(`/incremental/organizations.json?start_time=${now}`)).toMatchObject({
    status: 400,
    body: { error: 'StartTimeTooRecent' },
  });
  const page = await get(`/incremental/organizations.json?start_time=${now - 3_600}`);
  expect(page.body).toMatchObject({
    count: 1,
    end_of_stream: true,
    organizations: [{ id, deleted_at: expect.any(String) }],
  });
});

test('past the rate the account answers 429 with Retry-After', async () => {
  await running.control('PATCH', '/zendesk/acme/policy', { requestQuota: 1 });
  await get('/organizations');
  const refused = await get('/organizations');
  expect(refused).toMatchObject({ status: 429, body: { error: 'APIRateLimitExceeded' } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('a ticket is made once per idempotency key', async () => {
  const create = (key: string, subject: string): Promise<Answer> =>
    send(`${api()}/tickets.json`, {
      token,
      json: { ticket: { subject, comment: { body: 'Hello' } } },
      headers: { 'idempotency-key': key },
    });
  const first = await create('k', 'S');
  expect(first.status).toBe(201);
  expect(first.headers.get('x-idempotency-lookup')).toBe('miss');
  const second = await create('k', 'S');
  expect(second.headers.get('x-idempotency-lookup')).toBe('hit');
  expect(second.body).toEqual(first.body);
  expect((await create('k', 'other')).status).toBe(400);
  expect((await get('/tickets')).body.count).toBe(1);
  expect((await get(`/search.json?query=${encodeURIComponent('type:ticket subject:S')}`)).body).toMatchObject({
    count: 1,
    results: [{ result_type: 'ticket' }],
  });
});

test('tags of two words are split, in lower case, as the vendor does', async () => {
  const { organization } = (
    await write('POST', '/organizations', {
      name: 'T',
      tags: ['VIP', 'gold customer'],
      domain_names: 'a.example, b.example',
    })
  ).body;
  expect(organization).toMatchObject({ tags: ['vip', 'gold', 'customer'], domain_names: ['a.example', 'b.example'] });
});

test('an idempotency key is forgotten after its life; tickets are found by external id', async () => {
  await running.control('PATCH', '/zendesk/acme/policy', { idempotencyKeySeconds: 0 });
  const create = (): Promise<Answer> =>
    send(`${api()}/tickets.json`, {
      token,
      json: { ticket: { subject: 'S', comment: { body: 'C' }, external_id: 7, tags: ['Two Words'] } },
      headers: { 'idempotency-key': 'once' },
    });
  const [first, second] = [await create(), await create()];
  expect(second.headers.get('x-idempotency-lookup')).toBe('miss');
  expect(second.body.ticket.id).not.toBe(first.body.ticket.id);
  expect((await get('/tickets?external_id=7')).body.tickets).toMatchObject([
    { id: first.body.ticket.id, tags: ['two', 'words'] },
    { id: second.body.ticket.id },
  ]);
  expect((await get('/tickets?external_id=8')).body.tickets).toEqual([]);
});
