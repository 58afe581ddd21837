import { checkRequirement } from './check-requirement.js';
import { describeSchema } from './guards.js';

const account = describeSchema.parse({
  name: 'Account',
  label: 'Account',
  queryable: true,
  fields: [{ name: 'Website', label: 'Website', type: 'url' }],
});
const check = (key: string) => checkRequirement(key, async (object) => (object === 'Account' ? account : null));

test.each([
  ['Account.Website:read', null],
  ['Account.website:read', 'written Website'],
  ['Account.Nmae:read', 'does not see the field Nmae'],
])('g27: %s', async (key, sentence) => {
  const text = await check(key);
  if (sentence === null) expect(text).toBeNull();
  else expect(text).toContain(sentence);
});
