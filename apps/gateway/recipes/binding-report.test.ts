import type { ConnectionView } from '#workflows/connection/messages.js';
import { bornState } from '#workflows/connection/state.js';
import { viewOf } from '#workflows/connection/view-of.js';
import { zendeskManifest } from '#connectors/zendesk/manifest.js';
import { reportBinding, type BindingFacts } from './binding-report.js';
import { requireConnected } from './require-connected.js';

const draft = viewOf(
  bornState({
    workspaceId: 'ws',
    connectionId: 'con_1',
    app: 'zendesk',
    name: 'Acme',
    settings: {},
    appClientId: null,
    policy: zendeskManifest.policy,
    at: 1,
  }),
);
const facts = (view: Partial<ConnectionView> | null, change: Partial<BindingFacts> = {}): BindingFacts => ({
  binding: 'zendesk',
  app: 'zendesk',
  manifest: zendeskManifest,
  connectionId: 'con_1',
  view: view && { ...draft, ...view },
  requirements: ['organizations:write'],
  ...change,
});

test.each([
  ['nothing bound', facts(null, { connectionId: null }), { status: 'unbound', action: 'bind', connected: false }],
  ['a deleted one', facts(null), { status: 'deleted', action: 'bind', code: 'connection_deleted' }],
  ['never authorized', facts({}), { status: 'draft', action: 'connect', code: 'never_authorized' }],
  ['connected', facts({ status: 'connected' }), { status: 'connected', action: 'none', connected: true }],
  [
    'degraded',
    facts({ status: 'degraded', reason: { code: 'token_endpoint_unavailable', text: '' } }),
    { connected: true, code: 'token_endpoint_unavailable' },
  ],
  [
    'invalid',
    facts({ status: 'invalid', reason: { code: 'grant_revoked', text: '' } }),
    { action: 'reconnect', code: 'grant_revoked', connected: false },
  ],
  ['disconnected', facts({ status: 'disconnected' }), { action: 'reconnect', code: 'connection_disconnected' }],
])('%s', (_, given, expected) => {
  expect(reportBinding(given)).toMatchObject(expected);
});

test('only rights that this recipe needs are named', () => {
  const missing = [
    { requirement: 'organizations:write', text: 'No organizations.' },
    { requirement: 'tickets:write', text: 'No tickets.' },
  ];
  const proof = { count: 1, at: 1, accepted: true, version: 1, satisfied: [], missing };
  expect(reportBinding(facts({ status: 'connected', proof })).missing).toEqual([missing[0]]);
});

test('a start is refused naming every used app that is not connected, and what to press', () => {
  const reports = [
    reportBinding(facts({})),
    reportBinding(facts(null, { binding: 'second', connectionId: null })),
    reportBinding(facts({ status: 'connected' }, { binding: 'third' })),
  ];
  expect(() => requireConnected('No', reports, ['zendesk', 'second', 'third'])).toThrow(
    expect.objectContaining({
      code: 'not_connected',
      extensions: expect.objectContaining({
        bindings: [reports[0], reports[1]],
        cure: expect.stringContaining('Connect Zendesk'),
      }),
    }),
  );
  expect(() => requireConnected('No', reports, ['third'])).not.toThrow();
});

test.each<[string, BindingFacts['waits'], Partial<BindingFacts['view'] & object>, object]>([
  [
    'a right that the recipe or a job waits for, before anybody has verified',
    [{ code: 'right_missing', requirement: 'Account:read' }],
    {},
    {
      action: 'verify',
      code: 'right_missing',
      text: expect.stringMatching(/Account:read.*press Verify/),
      missing: [expect.objectContaining({ requirement: 'Account:read' })],
    },
  ],
  [
    'a right that a verification has missed',
    [],
    {
      proof: {
        count: 1,
        at: 1,
        accepted: true,
        version: 1,
        satisfied: [],
        missing: [{ requirement: 'organizations:write', text: 'Not allowed to write organizations.' }],
      },
    },
    { action: 'verify', text: expect.stringMatching(/Not allowed to write organizations.*press Verify/) },
  ],
  ['a scope', [{ code: 'scope_missing', requirement: null }], {}, { action: 'reconnect', code: 'scope_missing' }],
  ['an operator', [{ code: 'address_refused', requirement: null }], {}, { action: 'none', code: 'address_refused' }],
  ['what is over already', [{ code: 'grant_revoked', requirement: null }], {}, { action: 'none', code: null }],
])('g34: connected, and waiting for %s', (_, waits, view, expected) => {
  const given = facts({ status: 'connected', ...view }, waits && { waits });
  expect(reportBinding(given)).toMatchObject({ connected: true, ...expected });
});
