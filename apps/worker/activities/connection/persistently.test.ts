import { HawserError } from '#domain/errors.js';
import { assertStorable } from '#store/assert-storable.js';
import { persistently } from './persistently.js';

const pause = async (): Promise<void> => undefined;
const mongo = (code: number): Error => Object.assign(new Error('refused'), { name: 'MongoServerError', code });

/** How it ended, and after how many tries; a success after 50. */
async function outcome(failure: () => unknown): Promise<[unknown, number]> {
  let tries = 0;
  const operation = async (): Promise<string> => {
    tries += 1;
    if (tries <= 50) throw failure();
    return 'stored';
  };
  return [await persistently(operation, () => undefined, pause).catch((error: unknown) => error), tries];
}

function unstorable(): unknown {
  try {
    return assertStorable({ expiresAt: Number.NaN });
  } catch (error) {
    return error;
  }
}

test.each<[string, () => unknown]>([
  ['a value that no database keeps', unstorable],
  ['a document that is too large', () => mongo(10334)],
  ['a value that the server refuses', () => mongo(2)],
  ['a defect of ours', () => new HawserError('internal')],
])('g14: %s ends, after some tries, with its own failure', async (_, failure) => {
  const [end, tries] = await outcome(failure);
  expect(end).toBeInstanceOf(Error);
  expect(tries).toBe(10);
});

test.each<[string, () => unknown]>([
  ['a store that is away', () => new HawserError('vault_unavailable')],
  ['a key that is missing', () => new HawserError('key_missing')],
  ['a server that is no longer primary', () => mongo(10107)],
  ['rights at the database that an operator must give', () => mongo(13)],
  ['what nobody knows', () => new Error('?')],
])('g14: %s is repeated for as long as it lasts', async (_, failure) => {
  expect(await outcome(failure)).toEqual(['stored', 51]);
});

test('g14: only the same hopeless failure in a row counts', async () => {
  let tries = 0;
  const [end] = await outcome(() => ((tries += 1) % 9 === 0 ? new HawserError('vault_unavailable') : mongo(2)));
  expect(end).toBe('stored');
});
