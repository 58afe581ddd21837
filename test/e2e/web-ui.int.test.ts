/** A person in the Temporal Web UI: sends plain signals and the actor acts; reads its state through the codec endpoint, and no secret. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import type { Client } from '@temporalio/client';
import { statusQuery } from '#workflows/connection/messages.js';
import { actorOf, temporalOf } from '../support/actor.js';
import { TestProcess } from '../support/child-process.js';
import { connected, SALESFORCE_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { secretsIn } from '../support/search-secrets.js';
import { freePort } from '../support/free-port.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { WebUi, type PlainPayload } from '../support/web-ui.js';

const TOKEN = 'a-token-of-this-test-0123456789';

let data: string;
let server: TestProcess;
let hawser: Hawser;
let ui: WebUi;
let codec: string;
let id: string;
let workflowId: string;
let temporal: { client: Client; close(): Promise<void> };
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'hawser-web-ui-'));
  const env = { ...process.env, TEMPORAL_TEST_DATA: data };
  server = new TestProcess({
    name: 'temporal',
    entry: 'test/support/temporal-with-ui.mjs',
    env,
    logFile: join(data, 'temporal.log'),
    readyWord: 'READY',
  });
  const { address = '', uiUrl = '' } = await server.start();
  process.env['HAWSER_TEST_TEMPORAL'] = address;
  const port = await freePort();
  hawser = await startHawser('a Temporal server with its Web UI, and a codec endpoint', {
    env: { HAWSER_CODEC_PORT: String(port), HAWSER_CODEC_TOKEN: TOKEN, TEMPORAL_UI_ORIGIN: uiUrl },
  });
  codec = `http://127.0.0.1:${port}`;
  ui = new WebUi(uiUrl, hawser.namespace);
  id = await connected(hawser.api, 'salesforce', SALESFORCE_ADMIN, 'Seen in the Web UI');
  temporal = temporalOf(hawser);
  workflowId = (await actorOf(temporal.client, id)).workflowId;
}, 240_000);
afterAll(async () => {
  await temporal?.close();
  await hawser?.stop();
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
}, 90_000);
jest.setTimeout(60_000);

const view = () => temporal.client.workflow.getHandle(workflowId).query(statusQuery);

/** No workflow task has failed: the actor has not stalled. */
async function expectNoFailedTask(): Promise<void> {
  const { events } = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
  const failures = (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
    failed ? [failed.failure?.message] : [],
  );
  expect(failures).toEqual([]);
}

const INPUTS: [string, unknown][] = [
  ['no input', undefined],
  ['an object', { by: 'person' }],
  ['an empty object', {}],
  ['null', null],
  ['a text', 'please'],
  ['a number', 7],
  ['fields of other types', { by: 7, requirements: 7, seenVersion: 'x', attemptId: 7, expiresAt: 'x' }],
];

test.each(INPUTS)('verify with %s: the credential is proven once more', async (_, input) => {
  const { proofCount } = await view();
  expect(await ui.signal(workflowId, 'verify', input)).toBe(200);
  await eventually('a new proof', async () => (await view()).proofCount > proofCount);
  await expectNoFailedTask();
});

test.each(INPUTS)('authorize with %s: it is shown as the next step', async (_, input) => {
  expect(await ui.signal(workflowId, 'authorize', input)).toBe(200);
  await eventually('the wish to be shown', async () => /authorization was asked for/.test((await view()).nextStep));
  expect((await view()).status).toBe('connected');
  await expectNoFailedTask();
});

// Fewer: each waits until the version is old enough to be renewed.
test.each([INPUTS[0]!, INPUTS[1]!, INPUTS[6]!])('refresh with %s: the credential is renewed', async (_, input) => {
  const before = await eventually('a version that is old enough', async () => {
    const found = await view();
    return Date.now() - (found.obtainedAt ?? 0) > 5_500 && found;
  });
  expect(await ui.signal(workflowId, 'refresh', input)).toBe(200);
  await eventually('the next version', async () => (await view()).version > before.version);
  await expectNoFailedTask();
});

test.each(['attemptAnswered', 'used', 'lateAnswer', 'roll', 'nosuch'])(
  '%s without input does not stall the actor',
  async (name) => {
    expect(await ui.signal(workflowId, name)).toBe(200);
    const { proofCount } = await view();
    expect(await ui.signal(workflowId, 'verify')).toBe(200);
    await eventually('a new proof', async () => (await view()).proofCount > proofCount);
    await expectNoFailedTask();
  },
);

const decode = async (payloads: PlainPayload[], headers: Record<string, string> = {}, token = TOKEN) => {
  const response = await request(`${codec}/${token}/decode`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ payloads }),
  });
  const text = await response.body.text();
  return {
    status: response.statusCode,
    headers: response.headers,
    body: JSON.parse(text) as { payloads: PlainPayload[] },
    text,
  };
};

test('the codec endpoint shows app, state, since when, reason and next step; never a secret', async () => {
  const { api, emulators } = hawser;
  await emulators.revoke('salesforce/production');
  await api.send('POST', `/v1/connections/${id}/verify`, {});
  await eventually('the connection to be lost', async () => (await view()).status === 'invalid');
  const payloads = await ui.query(workflowId, '__temporal_workflow_metadata');
  expect(Buffer.from(payloads[0]?.data ?? '', 'base64').toString('latin1')).not.toContain('salesforce');
  const { status, body, headers } = await decode(payloads, { origin: ui.url });
  expect({ status, allowed: headers['access-control-allow-origin'] }).toEqual({ status: 200, allowed: ui.url });
  const metadata = JSON.parse(Buffer.from(body.payloads[0]?.data ?? '', 'base64').toString()) as {
    currentDetails: string;
  };
  expect(metadata.currentDetails).toMatch(/\*\*Seen in the Web UI\*\* \(salesforce\)/);
  expect(metadata.currentDetails).toMatch(/State: \*\*invalid\*\* since \d{4}-\d\d-\d\dT/);
  expect(metadata.currentDetails).toMatch(/Reason: `(grant_revoked|credential_rejected)`/);
  expect(metadata.currentDetails).toMatch(/Next: .+\./);
  expect(secretsIn(JSON.stringify(metadata), await emulators.secrets())).toEqual([]);
});

test('foreign Origin, foreign Host and another token are refused', async () => {
  const payloads = await ui.query(workflowId, 'status');
  for (const [headers, token, expected] of [
    [{ origin: 'https://evil.example' }, TOKEN, 403],
    [{ origin: 'null' }, TOKEN, 403],
    [{ host: 'rebound.example' }, TOKEN, 421],
    [{ host: '127.0.0.1' }, TOKEN, 421],
    [{}, 'another-token-0123456789-012345', 404],
    [{ origin: ui.url, 'content-type': 'text/plain' }, TOKEN, 415],
  ] as const) {
    const answer = await decode(payloads, headers, token);
    expect({ headers, status: answer.status }).toEqual({ headers, status: expected });
    expect(answer.text).not.toContain('payloads"');
    if ('origin' in headers && headers.origin !== ui.url)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  }
});
