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
let token: string;
let base: string;
beforeAll(async () => {
  running = await startForTest();
});
afterAll(async () => running.stop());
beforeEach(async () => {
  await running.control('POST', '/reset', { app: 'salesforce' });
  const tokens = await salesforceTokens(running);
  token = String(tokens.access_token);
  base = `${String(tokens.instance_url)}/services/data/v60.0`;
});

const get = (path: string): Promise<Answer> => send(base + path, { token });
const query = (soql: string, headers: Record<string, string> = {}): Promise<Answer> =>
  send(`${base}/query?q=${encodeURIComponent(soql)}`, { token, headers });
const write = (method: string, path: string, json: unknown): Promise<Answer> =>
  send(base + path, { method, token, json });
const rights = (change: Record<string, unknown>): Promise<unknown> =>
  running.control('POST', '/salesforce/production/rights', { username: salesforceAdmin.username, ...change });

test('the versions need no session; a dead session is 401 with an array body and WWW-Authenticate: Token', async () => {
  const versions = await send(`${running.addresses.salesforceInstance}/services/data/`);
  expect(versions.body.at(-1)).toEqual({ label: "Winter '27", url: '/services/data/v68.0', version: '68.0' });
  const dead = await send(`${base}/limits`, { token: 'dead' });
  expect(dead).toMatchObject({
    status: 401,
    body: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }],
  });
  expect(dead.headers.get('www-authenticate')).toBe('Token');
});

test('ordinary answers count the use of the quota; past it 403 REQUEST_LIMIT_EXCEEDED', async () => {
  const first = await get('/limits');
  const used = Number(/^api-usage=(\d+)\/100000$/.exec(first.headers.get('sforce-limit-info') ?? '')?.[1]);
  expect((await get('/limits')).body.DailyApiRequests).toEqual({ Max: 100_000, Remaining: 100_000 - used - 1 });
  await running.control('PATCH', '/salesforce/production/policy', { requestQuota: 2 });
  const refused = await get('/limits');
  expect(refused).toMatchObject({
    status: 403,
    body: [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
  });
  expect(refused.headers.get('retry-after')).toBeNull();
});

test('twelve accounts, ids of 18 characters, times without colon in the zone; some ids differ by case alone', async () => {
  const { body } = await query('SELECT Id, Name, Owner.Name, Parent.Name, SystemModstamp FROM Account ORDER BY Name');
  expect(body).toMatchObject({ totalSize: 12, done: true });
  const first = body.records[0];
  expect(first.attributes).toEqual({ type: 'Account', url: `/services/data/v60.0/sobjects/Account/${first.Id}` });
  expect(first.Id).toMatch(/^001\w{15}$/);
  expect(first.SystemModstamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
  expect(first.Owner.Name).toBe('Ada Harbour');
  expect(first.Parent).toBeNull();
  const short = body.records.map((row: { Id: string }) => row.Id.slice(0, 15).toLowerCase());
  expect(new Set(short).size).toBeLessThan(12);
});

test.each([
  ["SELECT Id FROM Account WHERE Industry = 'shipping'", 1],
  ["SELECT Id FROM Account WHERE Industry IN ('Shipping', 'Energy') AND NOT Name LIKE 'Nord%'", 1],
  ["SELECT Id FROM Account WHERE (Rating = 'Hot' OR Rating = 'Warm') AND Website != null", 2],
  ["SELECT Id FROM Account WHERE Name = 'Juniper O\\'Brien Media'", 1],
  ['SELECT Id FROM Account WHERE NumberOfEmployees >= 840 AND Is_Partner__c = false', 2],
  ['SELECT Id FROM Account WHERE SystemModstamp > 2020-01-02T03:04:05Z AND CreatedDate = TODAY LIMIT 5', 5],
  ['SELECT Id FROM Account WHERE SystemModstamp > 2120-01-02T03:04:05+02:00', 0],
  ["SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Case WHERE Status != 'Closed')", 3],
  ['SELECT FIELDS(ALL) FROM Account ORDER BY Rating DESC NULLS LAST, Id LIMIT 3 OFFSET 1', 3],
])('%s', async (soql, rows) => {
  expect((await query(soql)).body).toMatchObject({ totalSize: rows, done: true });
});

test('COUNT() has a total and no records', async () => {
  expect((await query('SELECT COUNT() FROM Account')).body).toEqual({ totalSize: 12, done: true, records: [] });
});

test('a query of an unknown field or object shows the place', async () => {
  expect(await query('SELECT Id, Foo__c FROM Account')).toMatchObject({
    status: 400,
    body: [
      {
        errorCode: 'INVALID_FIELD',
        message:
          "\nSELECT Id, Foo__c FROM Account\n           ^\nERROR at Row:1:Column:12\nNo such column 'Foo__c' on entity 'Account'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
      },
    ],
  });
  expect((await query('SELECT Id FROM Nothing')).body[0]).toMatchObject({
    errorCode: 'INVALID_TYPE',
    message: expect.stringContaining("sObject type 'Nothing' is not supported."),
  });
  expect((await query('SELECT Id FROM Account WHERE')).body[0].errorCode).toBe('MALFORMED_QUERY');
  expect((await query("SELECT Id FROM Account WHERE CreatedDate > '2020-01-01'")).body[0].message).toContain(
    'must be of type dateTime and should not be enclosed in quotes',
  );
});

test('a field that is taken away is gone from the describe and unknown to queries and writes', async () => {
  await rights({ object: 'Account', field: 'Website', read: false });
  const fields = (await get('/sobjects/Account/describe')).body.fields.map((field: { name: string }) => field.name);
  expect(fields).not.toContain('Website');
  expect((await query('SELECT Website FROM Account')).body[0]).toMatchObject({
    errorCode: 'INVALID_FIELD',
    message: expect.stringContaining("No such column 'Website' on entity 'Account'"),
  });
  await rights({ object: 'Account', field: 'Phone', edit: false });
  expect((await write('POST', '/sobjects/Account', { Name: 'A', Phone: '1' })).body[0]).toMatchObject({
    errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
    fields: ['Phone'],
  });
  await rights({ object: 'Account', field: 'Website', read: true });
  expect((await query('SELECT Website FROM Account')).status).toBe(200);
});

test('an object that is taken away: INVALID_TYPE in queries, 404 elsewhere; no right to create or edit: 400', async () => {
  await rights({ object: 'Account', create: false, edit: false });
  expect((await write('POST', '/sobjects/Account', { Name: 'A' })).body[0].errorCode).toBe(
    'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
  );
  const id = (await query('SELECT Id FROM Account LIMIT 1')).body.records[0].Id;
  expect(await write('PATCH', `/sobjects/Account/${id}`, { Name: 'B' })).toMatchObject({
    status: 400,
    body: [{ errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY' }],
  });
  await rights({ object: 'Account', read: false });
  expect((await query('SELECT Id FROM Account')).body[0].errorCode).toBe('INVALID_TYPE');
  expect((await get('/sobjects/Account/describe')).body).toEqual([
    { message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' },
  ]);
  expect((await get('/sobjects')).body.sobjects.map((one: { name: string }) => one.name)).not.toContain('Account');
});

test('create, read, update, delete', async () => {
  const made = await write('POST', '/sobjects/Account', { Name: 'Made' });
  expect(made).toMatchObject({ status: 201, body: { success: true, errors: [] } });
  const path = `/sobjects/Account/${made.body.id}`;
  expect(await write('PATCH', path, { Phone: '1', Industry: null })).toMatchObject({ status: 204, text: '' });
  expect((await get(path)).body).toMatchObject({ Name: 'Made', Phone: '1', Industry: null, IsDeleted: false });
  expect((await write('PATCH', path, { Nope: 1 })).body).toEqual([
    { message: "No such column 'Nope' on sobject of type Account", errorCode: 'INVALID_FIELD' },
  ]);
  expect((await write('POST', '/sobjects/Account', {})).body).toEqual([
    { message: 'Required fields are missing: [Name]', errorCode: 'REQUIRED_FIELD_MISSING', fields: ['Name'] },
  ]);
  expect((await write('PATCH', path, { Support_Tier__c: 'Tin' })).body[0]).toMatchObject({
    errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    message: 'Support Tier: bad value for restricted picklist field: Tin',
  });
  expect((await send(base + path, { method: 'DELETE', token })).status).toBe(204);
  expect((await get(path)).status).toBe(404);
  expect(await write('PATCH', path, { Name: 'x' })).toMatchObject({
    status: 404,
    body: [{ errorCode: 'ENTITY_IS_DELETED' }],
  });
  expect(
    (
      await send(
        `${base}/queryAll?q=${encodeURIComponent("SELECT Id FROM Account WHERE Name = 'Made' AND IsDeleted = true")}`,
        { token },
      )
    ).body.totalSize,
  ).toBe(1);
});

test('upsert by external id: 201, 200, 300, 404; 204 before version 46', async () => {
  const path = '/sobjects/Account/External_Key__c/K-1';
  const first = await write('PATCH', path, { Name: 'One' });
  expect(first).toMatchObject({ status: 201, body: { success: true, errors: [], created: true } });
  expect(await write('PATCH', path, { Name: 'Two' })).toMatchObject({
    status: 200,
    body: { id: first.body.id, created: false },
  });
  expect(
    await send(base.replace('v60.0', 'v45.0') + path, { method: 'PATCH', token, json: { Name: 'Three' } }),
  ).toMatchObject({ status: 204, text: '' });
  expect((await write('PATCH', path, { External_Key__c: 'K-1' })).body[0]).toMatchObject({
    errorCode: 'INVALID_FIELD',
    message: 'The External_Key__c field should not be specified in the sobject data.',
  });
  expect(await write('PATCH', '/sobjects/Account/Phone/1', { Name: 'x' })).toMatchObject({
    status: 404,
    body: [
      { errorCode: 'NOT_FOUND', message: 'Provided external ID field does not exist or is not accessible: Phone' },
    ],
  });
  expect((await write('PATCH', `${path}9?updateOnly=true`, { Name: 'x' })).status).toBe(404);
  const twin = await write('POST', '/sobjects/Account', { Name: 'Twin', External_Key__c: 'K-1' });
  const both = [first, twin].map((one) => `/services/data/v60.0/sobjects/Account/${one.body.id}`);
  expect(await write('PATCH', path, { Name: 'x' })).toMatchObject({ status: 300, body: both });
});

test('a unique external id refuses a second record', async () => {
  const first = await write('POST', '/sobjects/Account', { Name: 'A', Erp_Number__c: 'E1' });
  expect((await write('POST', '/sobjects/Account', { Name: 'B', Erp_Number__c: 'e1' })).body[0]).toMatchObject({
    errorCode: 'DUPLICATE_VALUE',
    message: `duplicate value found: Erp_Number__c duplicates value on record with id: ${first.body.id}`,
  });
});

test('long results come in pages by nextRecordsUrl', async () => {
  for (let batch = 0; batch < 3; batch += 1) {
    const records = Array.from({ length: 150 }, (_, i) => ({
      attributes: { type: 'Shipment__c' },
      Name: `S${batch}-${i}`,
    }));
    const made = await write('POST', '/composite/sobjects', { allOrNone: true, records });
    expect(made.body.every((row: { success: boolean }) => row.success)).toBe(true);
  }
  const seen = new Set<string>();
  let page = await query('SELECT Id FROM Shipment__c', { 'sforce-query-options': 'batchSize=200' });
  expect(page.body).toMatchObject({ totalSize: 450, done: false });
  expect(page.body.nextRecordsUrl).toMatch(/^\/services\/data\/v60\.0\/query\/01g\w{15}-200$/);
  for (;;) {
    for (const row of page.body.records) seen.add(row.Id);
    if (page.body.done) break;
    page = await send(running.addresses.salesforceInstance + String(page.body.nextRecordsUrl), { token });
  }
  expect(seen.size).toBe(450);
  expect((await get('/query/01gXX000000000AAAA-200')).body[0].errorCode).toBe('INVALID_QUERY_LOCATOR');
});

test('collections report row by row with statusCode, inside a 200', async () => {
  const records = [{ attributes: { type: 'Account' }, Name: 'ok' }, { attributes: { type: 'Account' } }];
  const answer = await write('POST', '/composite/sobjects', { records });
  expect(answer).toMatchObject({
    status: 200,
    body: [{ success: true }, { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING', fields: ['Name'] }] }],
  });
  const all = await write('POST', '/composite/sobjects', { allOrNone: true, records });
  expect(all.body[0].errors[0].statusCode).toBe('ALL_OR_NONE_OPERATION_ROLLED_BACK');
  expect((await query("SELECT Id FROM Account WHERE Name = 'ok'")).body.totalSize).toBe(1);
});

test('broken JSON, unknown paths and retired versions', async () => {
  const broken = await send(`${base}/sobjects/Account`, {
    method: 'POST',
    token,
    headers: { 'content-type': 'application/json' },
    json: undefined,
  });
  expect(broken.status).toBe(400);
  expect((await get('/nothing')).body[0].errorCode).toBe('NOT_FOUND');
  expect((await send(`${running.addresses.salesforceInstance}/services/data/v30.0/limits`, { token })).status).toBe(
    410,
  );
});

test('scopes that lack api: the whole API is refused in words that no refresh cures', async () => {
  await running.control('POST', '/salesforce/production/scopes', {
    username: salesforceAdmin.username,
    scopes: ['id', 'refresh_token'],
  });
  expect(await get('/limits')).toMatchObject({
    status: 401,
    body: [{ message: 'This session is not valid for use with the REST API' }],
  });
  expect((await refreshSalesforce(running, 'none')).status).toBe(400);
});

test('the rights of a person by SOQL follow the rights', async () => {
  const soql = (fields: string): string =>
    `SELECT ${fields} FROM ObjectPermissions WHERE SobjectType = 'Account' AND ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE Assignee.Username = '${salesforceAdmin.username}')`;
  expect((await query(soql('PermissionsRead, PermissionsCreate'))).body.records).toMatchObject([
    { PermissionsRead: true, PermissionsCreate: true },
  ]);
  await rights({ object: 'Account', create: false });
  expect((await query(soql('PermissionsCreate'))).body.records).toMatchObject([{ PermissionsCreate: false }]);
});

test('composite requests refer to each other, and all or none come to be', async () => {
  const create = {
    method: 'POST',
    url: '/services/data/v60.0/sobjects/Account',
    referenceId: 'made',
    body: { Name: 'Composed' },
  };
  const good = {
    method: 'PATCH',
    url: '/services/data/v60.0/sobjects/Account/@{made.id}',
    referenceId: 'changed',
    body: { Phone: '1' },
  };
  const bad = {
    method: 'PATCH',
    url: '/services/data/v60.0/sobjects/Account/@{made.id}',
    referenceId: 'broken',
    body: { Nope: 1 },
  };
  const done = await write('POST', '/composite', { compositeRequest: [create, good] });
  expect(done.body.compositeResponse).toMatchObject([
    { httpStatusCode: 201, referenceId: 'made', body: { success: true } },
    { httpStatusCode: 204, body: null },
  ]);
  const undone = await write('POST', '/composite', {
    allOrNone: true,
    compositeRequest: [{ ...create, body: { Name: 'Undone' } }, bad],
  });
  expect(undone.body.compositeResponse).toMatchObject([
    { httpStatusCode: 400, body: [{ errorCode: 'PROCESSING_HALTED' }] },
    { httpStatusCode: 400, body: [{ errorCode: 'INVALID_FIELD' }] },
  ]);
  expect((await query("SELECT Id FROM Account WHERE Name IN ('Composed', 'Undone')")).body.totalSize).toBe(1);
});

test('the SOAP login brings a session; a wrong password is a fault with 500', async () => {
  const login = (password: string): Promise<Answer> =>
    send(`${running.addresses.salesforceLogin}/services/Soap/u/50.0`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', soapaction: '""' },
      text: `<se:Envelope xmlns:se="http://schemas.xmlsoap.org/soap/envelope/"><se:Body><login xmlns="urn:partner.soap.sforce.com"><username>${salesforceAdmin.username}</username><password>${password}</password></login></se:Body></se:Envelope>`,
    });
  const session = /<sessionId>(.+)<\/sessionId>/.exec((await login(salesforceAdmin.password)).text)?.[1] ?? '';
  expect((await send(`${base}/limits`, { token: session })).status).toBe(200);
  expect(await login('wrong')).toMatchObject({
    status: 500,
    text: expect.stringContaining('<faultcode>sf:INVALID_LOGIN</faultcode>'),
  });
});

test('a method that a path does not have is 405', async () => {
  expect(await write('PUT', '/sobjects/Account', {})).toMatchObject({
    status: 405,
    body: [{ errorCode: 'METHOD_NOT_ALLOWED' }],
  });
  const made = await write('POST', '/sobjects/Account', { Name: 'By parameter' });
  expect((await write('POST', `/sobjects/Account/${made.body.id}?_HttpMethod=PATCH`, { Phone: '2' })).status).toBe(204);
});

test('a keyset of stamp and id walks through everything once', async () => {
  const seen: string[] = [];
  let at = '2020-01-01T00:00:00Z';
  let last = '';
  for (;;) {
    const soql = `SELECT Id, SystemModstamp FROM Account WHERE SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > '${last}') ORDER BY SystemModstamp, Id LIMIT 5`;
    const { records } = (await query(soql)).body as { records: { Id: string; SystemModstamp: string }[] };
    if (records.length === 0) break;
    seen.push(...records.map((row) => row.Id));
    last = records.at(-1)?.Id ?? '';
    at = String(records.at(-1)?.SystemModstamp).replace('+0000', 'Z');
  }
  expect(seen).toHaveLength(12);
  expect(new Set(seen).size).toBe(12);
});
