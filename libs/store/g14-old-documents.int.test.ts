/** Idempotency keys and attempts that are over do not stay for ever: whole collections go, and what no actor heard of is closed. */
import { mintId } from '#domain/ids.js';
import { eventually } from '../../test/support/eventually.js';
import type { AttemptDocument, IdempotencyDocument } from './documents.js';
import { attemptDocument } from './testing/attempt-document.js';
import { openTestStore, type TestStore } from './testing/test-store.js';

const DAY = 24 * 3_600_000;
const ws = mintId('workspace');

let test_: TestStore;
beforeEach(async () => {
  test_ = await openTestStore();
});
afterEach(() => test_.end());

const names = async (): Promise<string[]> =>
  ((await test_.store.db.db?.listCollections({}, { nameOnly: true }).toArray()) ?? []).map(({ name }) => name).sort();
const put = (collection: string, document: { _id: string }) =>
  test_.store.db.collection<{ _id: string }>(collection).insertOne(document);
const period = (days: number): number => Math.floor(Date.now() / (days * DAY));

const remembered = (key: string): IdempotencyDocument => ({
  _id: `${ws}/${key}`,
  workspaceId: ws,
  requestHash: 'h',
  resourceId: `con_${key}`,
  status: 201,
  body: '{"a":1}',
  createdAt: 1,
});
const attempt = (more: Partial<AttemptDocument> = {}): AttemptDocument => attemptDocument(ws, more);

test('g14: an Idempotency-Key of the week before is known, one of the week before that is gone with its collection', async () => {
  const { idempotency } = test_.store;
  const present = period(7);
  await put(`idempotency_${present - 1}`, remembered('before'));
  await put(`idempotency_${present - 2}`, remembered('long-ago'));
  await put('idempotency', remembered('older-build'));
  const begin = (key: string) =>
    idempotency.begin({ workspaceId: ws, key, requestHash: 'h', resourceId: `new_${key}` });
  expect(await begin('before')).toMatchObject({ resourceId: 'con_before', body: '{"a":1}' });
  await eventually('the old ones to go', async () => (await names()).join() === `idempotency_${present - 1}`);
  expect(await begin('long-ago')).toMatchObject({ resourceId: 'new_long-ago', body: null });
  await idempotency.complete(ws, 'long-ago', { status: 201, body: '{}' });
  expect(await begin('long-ago')).toMatchObject({ resourceId: 'new_long-ago', body: '{}' });
});

test('g14: keys of older builds are known until the first collection of ours is over', async () => {
  const { idempotency } = test_.store;
  await put('idempotency', remembered('older-build'));
  const wish = { workspaceId: ws, key: 'older-build', requestHash: 'h', resourceId: 'new' };
  expect(await idempotency.begin(wish)).toMatchObject({ resourceId: 'con_older-build' });
  expect(await names()).toContain('idempotency');
});

test('g14: a closed attempt of the period before is shown and goes with its connection; an older one is gone', async () => {
  const { attempts } = test_.store;
  const present = period(30);
  const end = '{"outcome":"in_force"}';
  const [before, longAgo] = [attempt({ status: 'closed', end }), attempt({ status: 'closed', end })];
  await put(`closedattempts_${present - 1}`, before);
  await put(`closedattempts_${present - 2}`, longAgo);
  expect(await attempts.get(ws, before._id)).toMatchObject({ end });
  await eventually('the old ones to go', async () => !(await names()).includes(`closedattempts_${present - 2}`));
  expect(await attempts.get(ws, longAgo._id)).toBeNull();
  expect(await attempts.deleteOfConnection(ws, before.connectionId)).toBe(1);
  expect(await attempts.get(ws, before._id)).toBeNull();
});

test('g14: an attempt that its actor never heard of is closed a day after its end, by the next one that begins', async () => {
  const { attempts } = test_.store;
  const now = await attempts.now();
  const forsaken = attempt({ expiresAt: now - DAY - 1 });
  const late = attempt({ expiresAt: now - DAY + 60_000 });
  await put('attempts', forsaken);
  await put('attempts', late);
  await attempts.insert(attempt({ expiresAt: now + DAY }));
  await eventually('it to be closed', async () => (await attempts.get(ws, forsaken._id))?.status === 'closed');
  expect(await attempts.get(ws, forsaken._id)).toMatchObject({ sealedVerifier: null });
  expect(JSON.parse((await attempts.get(ws, forsaken._id))?.end ?? '')).toMatchObject({ code: 'attempt_expired' });
  expect(await attempts.get(ws, late._id)).toMatchObject({ status: 'open' });
  expect((await attempts.listForReseal({ limit: 10 })).items).toHaveLength(2);
});
