import type { ProcessDocument } from '#store/documents.js';
import { whoLacks, whoUsesAnother } from './key-holders.js';

const process = (change: Partial<ProcessDocument>): ProcessDocument => ({
  _id: 'worker/1',
  kind: 'worker',
  name: 'worker 1@a',
  startedAt: 0,
  seenAt: 0,
  payloadKeys: ['p1', 'p2'],
  sealingKeys: ['v1', 'v2'],
  openingKeys: ['v1', 'v2'],
  storeFormat: 1,
  ...change,
});
const gateway = process({ kind: 'gateway', name: 'gateway 2@b', openingKeys: null });

test('g37: who lacks a payload key is named with what it holds', () => {
  const lacking = process({ name: 'worker 3@c', payloadKeys: ['p1'] });
  expect(whoLacks([process({}), gateway, lacking], 'payload', 'p2')).toEqual([
    'worker 3@c lacks it in payload.json (it holds p1)',
  ]);
});

test('g37: a vault key must be held by every worker in both files, and by every gateway in the public one', () => {
  expect(whoLacks([process({}), gateway], 'vault', 'v2')).toEqual([]);
  expect(whoLacks([process({ openingKeys: ['v1'] })], 'vault', 'v2')).toEqual([
    'worker 1@a lacks it in vault.private.json (it holds v1)',
  ]);
  expect(whoLacks([process({ ...gateway, sealingKeys: [] })], 'vault', 'v2')).toEqual([
    'gateway 2@b lacks it in vault.public.json (it holds none)',
  ]);
});

test('g38: who still uses another key is named', () => {
  expect(whoUsesAnother([process({}), gateway], 'vault', 'v1')).toEqual([]);
  expect(whoUsesAnother([process({}), gateway], 'vault', 'v2')).toEqual([
    'worker 1@a still seals with v1',
    'gateway 2@b still seals with v1',
  ]);
  expect(whoUsesAnother([gateway], 'payload', 'p2')).toEqual(['gateway 2@b still encrypts with p1']);
});
