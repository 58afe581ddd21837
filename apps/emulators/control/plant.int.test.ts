/** What a bulk load leaves: thousands of records with one stamp; and a record that is larger than any answer should be. */
import { startForTest, type Running } from '../testing/running.js';

let running: Running;
beforeAll(async () => {
  running = await startForTest();
});
afterAll(async () => running.stop());

const ACCOUNTS = '/salesforce/production/records/Account';
const accounts = async (): Promise<Record<string, unknown>[]> =>
  (await running.control('GET', ACCOUNTS)).records as Record<string, unknown>[];

test('5,000 accounts at one moment share their stamps, and each is whole', async () => {
  const records = Array.from({ length: 5_000 }, (_, index) => ({ Name: `Bulk ${index}` }));
  expect(await running.control('POST', `${ACCOUNTS}/bulk`, { records })).toEqual({ planted: 5_000 });
  const planted = (await accounts()).filter(({ Name }) => String(Name).startsWith('Bulk '));
  expect(new Set(planted.map(({ Id }) => Id)).size).toBe(5_000);
  expect(
    new Set(planted.map(({ SystemModstamp, LastModifiedDate }) => `${SystemModstamp} ${LastModifiedDate}`)).size,
  ).toBe(1);
}, 60_000);

test('a record of 6 MB can be planted, and is refused as the app does where it is only created', async () => {
  const large = { Name: 'Large', Description: 'x'.repeat(6_000_000) };
  await running.control('POST', `${ACCOUNTS}/bulk`, { records: [large] });
  expect((await accounts()).find(({ Name }) => Name === 'Large')).toMatchObject({ Description: large.Description });
  await expect(running.control('POST', ACCOUNTS, { ...large, Name: 'Refused' })).rejects.toThrow(/too large/);
}, 60_000);
