import { judgeApprovals, listedApprovalWarnings } from './approvals.js';

type Approval = Parameters<typeof judgeApprovals>[0];
const approval = (n: number, more: Partial<Approval> = {}): Approval => ({
  connectionId: `con_${n}`,
  name: `Recipe ${n}`,
  app: 'salesforce',
  status: 'connected',
  reason: null,
  account: { id: 'org/user', label: 'Ada' },
  instance: { id: 'org', url: 'https://a', label: 'A' },
  consentedAt: n,
  appClientId: 'client',
  ...more,
});
const six = [1, 2, 3, 4, 5, 6].map((n) => approval(n));

test('g30: the sixth approval of one user and app client is warned of, its siblings named', () => {
  const [warning] = judgeApprovals(six[5]!, six, 5);
  expect(warning!.text).toContain('6 times');
  expect(warning!.text).toContain('"Recipe 1" (con_1)');
  expect(warning!.connections.map(({ id }) => id)).toEqual(['con_1', 'con_2', 'con_3', 'con_4', 'con_5']);
  expect(judgeApprovals(six[4]!, six.slice(0, 5), 5)).toEqual([]);
});

test('g30: the one that died of it says so, and what reconnecting would do', () => {
  const dead = approval(0, { status: 'invalid', reason: { code: 'grant_revoked', text: 'x' } });
  expect(judgeApprovals(dead, [dead, ...six.slice(0, 5)], 5)[0]!.text).toMatch(
    /probably ended.*Reconnecting it would end another/,
  );
  const other = approval(9, { status: 'invalid', reason: { code: 'grant_revoked', text: 'x' } });
  expect(judgeApprovals(other, [other, ...six], 5)).toEqual([]);
});

test.each<[string, Partial<Approval>]>([
  ['another user', { account: { id: 'org/other', label: 'B' } }],
  ['another app client', { appClientId: 'other' }],
  ['another client at the time of the grant', { authorizedWith: { settings: {}, appClientId: 'other' } }],
  ['another org', { instance: { id: 'org2', url: 'https://b', label: 'B' } }],
  ['a dead one', { status: 'invalid' }],
  ['a disconnected one', { status: 'disconnected' }],
])('g30: %s does not count', (_, more) => {
  expect(judgeApprovals(six[5]!, [...six.slice(1), approval(1, more)], 5)).toEqual([]);
});

test('g30: a list warns each of the six, and nobody else', () => {
  const stranger = approval(7, { account: { id: 'org/other', label: 'B' } });
  const never = approval(8, { account: null });
  const zendesk = six.map((one) => ({ ...one, app: 'zendesk', connectionId: `zen_${one.connectionId}` }));
  const found = listedApprovalWarnings([...six, stranger, never, ...zendesk]);
  expect([...found.keys()].sort()).toEqual(six.map(({ connectionId }) => connectionId));
  for (const warnings of found.values()) expect(warnings).toHaveLength(1);
  expect(listedApprovalWarnings(six.slice(1))).toEqual(new Map());
});
