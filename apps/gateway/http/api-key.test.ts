import { hashApiKey, mintApiKey, readBearerKey } from './api-key.js';

test('a minted key is read from its header, and its hash does not contain it', () => {
  const { key, hash, prefix } = mintApiKey();
  expect(key).toMatch(/^hk_[A-Za-z0-9_-]{43}$/);
  expect(readBearerKey(`Bearer ${key}`)).toBe(key);
  expect(readBearerKey(`bearer ${key}`)).toBe(key);
  expect(hash).toBe(hashApiKey(key));
  expect(hash).not.toContain(key);
  expect(key.startsWith(prefix)).toBe(true);
});

test.each([undefined, '', 'Basic abc', 'Bearer', 'Bearer hk_x', `Bearer hk_${'a'.repeat(44)}`, `hk_${'a'.repeat(43)}`])(
  '%s has no key',
  (header) => {
    expect(readBearerKey(header)).toBeNull();
  },
);
