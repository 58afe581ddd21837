/** Made-up keys, well formed, by the thousand: they cost their address its turns, and nobody else anything. */
import { HawserError } from '#domain/errors.js';
import { callerAddress } from './caller-address.js';
import { KeyDoor } from './key-door.js';

const PER_MINUTE = 600;
const NOW = 1_000_000;

function door(...keys: string[]) {
  const stored = new Map(keys.map((key) => [key, `ws of ${key}`]));
  const counts = { found: 0, listed: 0 };
  const opened = new KeyDoor(
    {
      find: async (hash) => {
        counts.found += 1;
        return stored.get(hash) ?? null;
      },
      list: async () => {
        counts.listed += 1;
        return [...stored.keys()];
      },
    },
    PER_MINUTE,
  );
  const ask = (key: string, address = 'attacker', now = NOW): Promise<string | null> =>
    opened.admit(key, address, now).catch((error: unknown) => (error as HawserError).code);
  const flood = async (times: number, from: (index: number) => string = () => 'attacker', now = NOW) => {
    const answers = new Map<string, number>();
    for (let index = 0; index < times; index += 1) {
      const answer = String(await ask(`made up ${index}`, from(index), now));
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
    return Object.fromEntries(answers);
  };
  return { opened, stored, counts, ask, flood };
}

test('g16: 10,700 made-up keys use up their address, not the store and not the known callers', async () => {
  const { counts, ask, flood } = door('honest', 'other', 'new');
  expect(await ask('honest', 'office')).toBe('ws of honest');
  expect(await flood(10_700)).toEqual({ null: PER_MINUTE, too_many_requests: 10_100 });
  expect(counts).toEqual({ found: PER_MINUTE + 1, listed: 1 });
  expect(await ask('honest', 'office')).toBe('ws of honest');
  // Behind the same address, and never seen before: such as everybody behind a proxy that is not trusted.
  expect(await ask('honest')).toBe('ws of honest');
  expect(await ask('other')).toBe('ws of other');
});

test('g16: many addresses together do not reach the store without bound either', async () => {
  const { counts, ask, flood } = door('honest');
  await flood(30_000, (index) => `address ${index}`);
  expect(counts.found).toBeLessThanOrEqual(PER_MINUTE * 10);
  expect(counts.listed).toBe(1);
  expect(await ask('honest', 'address of its own')).toBe('ws of honest');
});

test('g16: a key that is made while a flood goes on works within seconds; one that is taken away is refused at once', async () => {
  const { stored, ask, flood } = door();
  await flood(1_000);
  stored.set('fresh', 'ws of fresh');
  expect(await ask('fresh')).toBe('too_many_requests');
  expect(await ask('fresh', 'attacker', NOW + 5_000)).toBe('ws of fresh');
  stored.delete('fresh');
  expect(await ask('fresh', 'attacker', NOW + 5_001)).toBeNull();
});

test('g16: a known key has a budget of its own', async () => {
  const { ask } = door('honest');
  for (let index = 0; index < PER_MINUTE; index += 1) expect(await ask('honest')).toBe('ws of honest');
  expect(await ask('honest')).toBe('too_many_requests');
  expect(await ask('honest', 'attacker', NOW + 60_000)).toBe('ws of honest');
});

test.each([
  ['10.0.0.7', '10.0.0.7'],
  ['::ffff:10.0.0.7', '10.0.0.7'],
  ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
  ['2001:db8:0:1::9', '2001:db8:0:1::/64'],
  ['2001:0DB8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['not an address', 'unknown'],
  [undefined, 'unknown'],
])('g16: %s is charged as %s', (ip, expected) => {
  expect(callerAddress(ip)).toBe(expected);
});
