import { isOwnForm } from './same-origin-form.js';

const PUBLIC = 'https://hawser.example';

test.each([
  [{}, true],
  [{ origin: 'https://hawser.example' }, true],
  [{ origin: 'http://localhost:3000', host: 'localhost:3000' }, true],
  [{ origin: 'https://hawser.example', 'sec-fetch-site': 'same-origin' }, true],
  [{ origin: 'https://evil.example' }, false],
  [{ origin: 'null' }, false],
  [{ 'sec-fetch-site': 'cross-site' }, false],
  [{ 'sec-fetch-site': 'same-site', origin: 'https://hawser.example' }, false],
  [{ origin: 'http://evil.example:3000', host: 'localhost:3000' }, false],
])('%j: %s', (headers: Record<string, string>, expected) => {
  expect(isOwnForm(headers, PUBLIC)).toBe(expected);
});
