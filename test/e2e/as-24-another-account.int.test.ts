/** AS-24: reconnect as another user of the same org needs a person's decision; another org is refused; a refusal changes nothing. */
import { authorize, connected, SALESFORCE_ADMIN, SALESFORCE_SECOND } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop());

const view = (id: string) => hawser.api.ok('GET', `/v1/connections/${id}`);

test('AS-24: refused, the old credential stays in force and the new grant is revoked; accepted, it is swapped in', async () => {
  const { api, emulators } = hawser;
  const id = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const before = await view(id);
  const first = await authorize(api, id, SALESFORCE_SECOND);
  expect(first.end).toMatchObject({ outcome: 'candidate', code: 'account_mismatch' });
  const waiting = await view(id);
  expect(waiting).toMatchObject({ status: 'connected', version: before.version, account: before.account });
  expect(waiting.candidate.account.label).toContain('second@hawser-dev.example');
  const revokes = (await emulators.counts('salesforce/production')).revokes;
  const refused = await api.ok('POST', `/v1/connections/${id}/candidate`, {
    attemptId: first.attemptId,
    accept: false,
  });
  expect(refused).toMatchObject({ status: 'connected', version: before.version, candidate: null });
  await eventually(
    'the refused grant to be revoked',
    async () => (await emulators.counts('salesforce/production')).revokes > revokes,
  );
  expect((await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof).toMatchObject({
    accepted: true,
    version: before.version,
  });

  const second = await authorize(api, id, SALESFORCE_SECOND);
  const accepted = await api.ok('POST', `/v1/connections/${id}/candidate`, {
    attemptId: second.attemptId,
    accept: true,
  });
  expect(accepted).toMatchObject({ id, status: 'connected', candidate: null });
  expect(accepted.account.label).toContain('second@hawser-dev.example');
  expect((await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof).toMatchObject({
    accepted: true,
    version: accepted.version,
  });
}, 90_000);

test('AS-24: a decision about an attempt that brought no candidate is a conflict', async () => {
  const { api } = hawser;
  const id = await connected(api, 'salesforce', SALESFORCE_ADMIN, 'No candidate');
  const answer = await api.send('POST', `/v1/connections/${id}/candidate`, {
    attemptId: 'att_nothing00000000000',
    accept: true,
  });
  expect([404, 409]).toContain(answer.status);
}, 60_000);
