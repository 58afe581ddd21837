import { FaultList, meetsPath } from './faults.js';

test.each([
  ['/services/', '/services/oauth2/token', true],
  ['/services/oauth2/', '/services/oauth2/token', true],
  ['/services/oauth2/', '/x/services/oauth2/token', false],
  ['/oauth/tokens', '/oauth/tokens', true],
  ['/organizations/', '/api/v2/organizations/create_or_update', true],
  ['/^\\/api\\/v2\\/organizations\\/\\d+$/', '/api/v2/organizations/12', true],
  ['/^\\/api\\/v2\\/organizations\\/\\d+$/', '/api/v2/organizations/count', false],
])('path %s and %s: %s', (pattern, path, met) => {
  expect(meetsPath(pattern, path)).toBe(met);
});

test('a fault meets as many requests as asked', () => {
  const list = new FaultList();
  list.add({ app: 'zendesk', path: '/', kind: 'status', status: 500, times: 2 });
  const target = { app: 'zendesk', org: 'acme', method: 'GET', path: '/api', grantType: null };
  expect([1, 2, 3].map(() => list.take(target)?.status)).toEqual([500, 500, undefined]);
});
