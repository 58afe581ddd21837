/** An operator resets the run of a connection (Temporal's Reset): the actor goes on from what the store knows, and spends nothing twice. */
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { actorOf, temporalOf } from '../support/actor.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import { authorize, connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { RENEWALS } from '../support/emulator-control.js';
import { eventually } from '../support/eventually.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
let temporal: { client: Client; close(): Promise<void> };
beforeAll(async () => {
  hawser = await borrowHawser();
  temporal = temporalOf(hawser);
}, 180_000);
afterAll(async () => {
  await temporal?.close();
  await hawser?.stop();
});
jest.setTimeout(60_000);

const viewOf = (id: string) => hawser.api.ok('GET', `/v1/connections/${id}`);
const renewed = (id: string, version: number) =>
  eventually(`version ${version}`, async () => {
    await hawser.api.send('POST', `/v1/connections/${id}/refresh`, {});
    return (await viewOf(id)).version >= version;
  });

/** Takes the run back to its first workflow task, or to its last. */
async function reset(id: string, to: 'first' | 'last'): Promise<void> {
  const { workflowId } = await actorOf(temporal.client, id);
  const handle = temporal.client.workflow.getHandle(workflowId);
  const { runId } = await handle.describe();
  const { events } = await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
  const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  await temporal.client.workflowService.resetWorkflowExecution({
    namespace: hawser.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: tasks.at(to === 'first' ? 0 : -1)!.eventId!,
    reason: 'test',
    requestId: randomUUID(),
  });
}

const reconciled = (id: string) =>
  eventually('the reset actor to be reconciled', async () => (await projected(id)).generation === 2);
const projected = async (id: string) =>
  (await actorOf(temporal.client, id)).query<{ generation: number; status: string; version: number }>('status');

test('g14: taken back to its birth, it knows the newest version of the vault; the next renewal is good', async () => {
  const { api, emulators } = hawser;
  const id = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Reset');
  await renewed(id, 2);
  const before = await emulators.counts('zendesk/acme');
  const { version } = await viewOf(id);
  await reset(id, 'first');
  await reconciled(id);
  expect(await viewOf(id)).toMatchObject({ status: 'connected', version });
  expect((await emulators.counts('zendesk/acme')).byGrantType).toEqual(before.byGrantType);
  await renewed(id, version + 1);
  expect((await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof).toMatchObject({ accepted: true });
});

test('g14: messages that Temporal sends again change nothing: another grant stays, no code is presented twice', async () => {
  const { api, emulators } = hawser;
  const id = await connected(api, 'salesforce', SALESFORCE_ADMIN, 'Reset after a disconnect');
  await api.ok('POST', `/v1/connections/${id}/disconnect`, {});
  expect((await authorize(api, id, SALESFORCE_ADMIN)).end.outcome).toBe('in_force');
  await (await actorOf(temporal.client, id)).signal('refresh');
  await eventually('the renewal', async () => (await viewOf(id)).version >= 3);
  const { version } = await viewOf(id);
  const before = await emulators.counts('salesforce/production');
  await reset(id, 'first');
  await reconciled(id);
  expect(await viewOf(id)).toMatchObject({ status: 'connected', version });
  expect((await emulators.counts('salesforce/production')).byGrantType).toEqual(before.byGrantType);
  expect((await api.ok('POST', `/v1/connections/${id}/verify`, {})).proof).toMatchObject({ accepted: true });
});

test('g14: a renewal under way at the reset is not sent again, and its late answer is adopted', async () => {
  const { api, emulators } = hawser;
  const id = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Reset while renewing');
  const before = await emulators.refreshes('zendesk/acme');
  await emulators.fault({ ...RENEWALS.zendesk, kind: 'delay_after', delayMs: 8_000, times: 1 });
  const asked = api.send('POST', `/v1/connections/${id}/refresh`, {}).catch(() => undefined);
  await eventually('the request at the app', async () => (await emulators.refreshes('zendesk/acme')) === before + 1);
  // One more workflow task, after the one that asked for the renewal.
  await (await actorOf(temporal.client, id)).signal('used', { at: Date.now() });
  await eventually('the signal to be handled', async () => (await viewOf(id)).usedAt !== null);
  await reset(id, 'last');
  await reconciled(id);
  await eventually('the late answer', async () => {
    const view = await viewOf(id);
    return view.version === 2 && view.status === 'connected';
  });
  await asked;
  expect(await emulators.refreshes('zendesk/acme')).toBe(before + 1);
});

test('g14: a deleted connection stays deleted', async () => {
  const id = await connected(hawser.api, 'salesforce', SALESFORCE_ADMIN, 'Reset after its end');
  await hawser.api.ok('DELETE', `/v1/connections/${id}`);
  const actor = await actorOf(temporal.client, id);
  await eventually('its end', async () => (await actor.describe()).status.name === 'COMPLETED');
  await reset(id, 'first');
  await eventually('its end again', async () => (await actor.describe()).status.name === 'COMPLETED');
  expect((await hawser.api.send('GET', `/v1/connections/${id}`)).status).toBe(404);
});
