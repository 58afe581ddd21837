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

const press = (form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
  send(`${running.addresses.salesforceInstance}/_page`, { form, headers });

test('a person adds an account, takes a right and revokes a grant', async () => {
  const tokens = await salesforceTokens(running);
  expect(await press({ do: 'add', object: 'Account', Name: 'Over the <counter>', Industry: '' })).toMatchObject({
    status: 303,
  });
  const page = await send(`${running.addresses.salesforceInstance}/`);
  expect(page.text).toContain('Over the &lt;counter&gt;');
  await press({ do: 'right', username: salesforceAdmin.username, object: 'Account', right: 'create', value: 'false' });
  const refused = await send(`${String(tokens.instance_url)}/services/data/v60.0/sobjects/Account`, {
    token: String(tokens.access_token),
    json: { Name: 'x' },
  });
  expect(refused.body[0].errorCode).toBe('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY');
  await press({ do: 'revoke', username: salesforceAdmin.username });
  expect((await refreshSalesforce(running, tokens.refresh_token)).status).toBe(400);
});

test('a form of another site is refused; a bad wish shows its sentence', async () => {
  expect(
    (await press({ do: 'revoke', username: salesforceAdmin.username }, { origin: 'http://evil.example' })).status,
  ).toBe(403);
  expect(await press({ do: 'add', object: 'Account', Name: '' })).toMatchObject({
    status: 400,
    text: expect.stringContaining('Required fields are missing: [Name]'),
  });
});
