import { crowdedBy } from './json-crowding.js';

const LIMITS = { entries: 3, values: 8 };
test.each<[string, string, ReturnType<typeof crowdedBy>]>([
  ['a small object', '{"a":1,"b":[1,2,3]}', null],
  ['commas and brackets in texts', '{"a":"[,,,,,,,,,,{","b":"\\",,,,,"}', null],
  ['a long list', '[1,2,3,4]', 'entries'],
  ['many members', '{"a":1,"b":2,"c":3,"d":4}', 'entries'],
  ['a long list within', '{"a":{"b":[1,2,3,4]}}', 'entries'],
  ['many values in short lists', '[[1,2,3],[1,2,3],[1,2,3]]', 'values'],
  ['no JSON', ',,,,,,', null],
  ['lists that are never closed', '['.repeat(20), 'values'],
])('g17: %s', (_, json, expected) => {
  expect(crowdedBy(Buffer.from(json), LIMITS)).toBe(expected);
});
