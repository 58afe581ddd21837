/** Keys are rotated, re-sealed and dropped while jobs run: none of them notices, and no command prints a key. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { examine, foundIn, manageKeys, runToEnd } from '../support/doctor.js';
import { eventually } from '../support/eventually.js';
import { accountsToOrganizations, jobsOf, startedRecipe, untilJobs } from '../support/recipes.js';
import { recordOutcome } from '../support/record-outcome.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';

let hawser: Hawser;
beforeAll(async () => void (hawser = await startHawser('its keys are rotated and dropped')), 300_000);
afterAll(() => hawser?.stop(), 60_000);

const said: string[] = [];
const keys = async (...args: string[]): Promise<{ code: number | null; text: string }> => {
  const { code, out, err } = await manageKeys(hawser.env, ...args);
  said.push(out, err);
  return { code, text: out + err };
};
const keyring = (name: string): { keys: Record<string, string>[] } =>
  JSON.parse(readFileSync(join(hawser.dataDir, 'keys', name), 'utf8')) as { keys: Record<string, string>[] };

test('rotate, reseal and drop while jobs run', async () => {
  const { api, emulators } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const [old] = keyring('vault.private.json').keys;
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk));
  await untilJobs(api, recipe, 'succeeded', 1, 120_000);

  expect((await keys('rotate', 'vault')).code).toBe(0);
  const [newest] = keyring('vault.private.json').keys;
  expect(newest!['kid']).not.toBe(old!['kid']);
  expect((await keys('drop', old!['kid']!)).text).toContain('still sealed by');
  await emulators.createRecord('salesforce/production', 'Account', { Name: 'While keys are rotated' });
  const renewing = api.send('POST', `/v1/connections/${zendesk}/refresh`, {});
  const resealed = await keys('reseal');
  expect(resealed).toMatchObject({ code: 0 });
  expect(resealed.text).toContain(`Left under old keys: none`);
  expect((await renewing).status).toBe(200);
  expect((await keys('list')).text).toMatch(
    new RegExp(`${newest!['kid']} +newest, [1-9]\\d* sealed\\n.*${old!['kid']} +old, 0 sealed`),
  );
  expect((await keys('drop', newest!['kid']!)).code).toBe(1);
  expect((await keys('drop', old!['kid']!)).code).toBe(0);
  expect(keyring('vault.public.json').keys.map(({ kid }) => kid)).toEqual([newest!['kid']]);

  expect((await keys('rotate', 'payload')).code).toBe(0);
  const rolled = await runToEnd('dist/bin/worker/roll.js', [], hawser.env);
  expect(rolled.out).toMatch(/ROLLED \{"sent":3,"left":0\}/);

  await untilJobs(api, recipe, 'succeeded', 13, 180_000);
  expect((await jobsOf(api, recipe)).every(({ status }) => status === 'succeeded')).toBe(true);
  await eventually(
    'a renewal with the new keys',
    async () => {
      await api.send('POST', `/v1/connections/${zendesk}/refresh`, {});
      return (await api.ok('GET', `/v1/connections/${zendesk}`)).version >= 3;
    },
    90_000,
    1_000,
  );
  await eventually(
    'the doctor to find nothing',
    async () => foundIn(await examine(hawser.env)).length === 0,
    90_000,
    500,
  );

  const secret = [old!['d'], newest!['d'], ...keyring('payload.json').keys.map((key) => key['k'] ?? key['key'])];
  expect(secret.every((one) => typeof one === 'string' && one.length > 20)).toBe(true);
  for (const text of said) for (const one of secret) expect(text).not.toContain(one);
  recordOutcome('stores', 'keys rotated, resealed and dropped while jobs run', { jobs: 13, left: 'none' });
}, 500_000);
