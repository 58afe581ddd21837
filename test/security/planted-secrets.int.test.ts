/**
 * Every kind of secret, quoted by apps in every form and place, looked for wherever something is kept or told: histories, search
 * attributes, memos, failures, MongoDB outside of boxes, logs, HTTP answers, diagnostic reports and crash dumps. One stack.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { Browser } from '../support/browser.js';
import {
  authorize,
  connected,
  createConnection,
  openLink,
  SALESFORCE_ADMIN,
  SALESFORCE_CLIENT,
  ZENDESK_ADMIN,
  ZENDESK_CLIENT,
} from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { everythingInMongo } from '../support/everything-in-mongo.js';
import { everythingInTemporal } from '../support/everything-in-temporal.js';
import { recordOutcome } from '../support/record-outcome.js';
import { accountsToOrganizations, startedRecipe, untilJobs } from '../support/recipes.js';
import { formsOfSecret, secretsIn } from '../support/search-secrets.js';
import { freePort } from '../support/free-port.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';

const CODEC_TOKEN = 'planted-codec-token-of-the-operator';
const reports = join(process.cwd(), '.cache', `reports-${process.pid}`);
let hawser: Hawser;
/** Every answer that a caller got, as it came. */
const told: string[] = [];
/** What is secret beside what the emulators have given out: states, cookies, links, keys. */
const own: string[] = [
  CODEC_TOKEN,
  SALESFORCE_CLIENT.clientSecret,
  ZENDESK_CLIENT.clientSecret,
  SALESFORCE_ADMIN.password,
];

beforeAll(async () => {
  mkdirSync(reports, { recursive: true });
  hawser = await startHawser('everything that all its processes write is searched', {
    env: {
      HAWSER_LOG_LEVEL: 'debug',
      HAWSER_CODEC_PORT: String(await freePort()),
      HAWSER_CODEC_TOKEN: CODEC_TOKEN,
      NODE_OPTIONS: `--report-on-fatalerror --report-uncaught-exception --report-on-signal --report-directory=${reports}`,
    },
  });
  const send = hawser.api.send.bind(hawser.api);
  hawser.api.send = async (...args) => {
    const answer = await send(...(args as Parameters<typeof send>));
    told.push(JSON.stringify([answer.headers, answer.body]));
    return answer as never;
  };
}, 180_000);
afterAll(() => hawser?.stop(), 60_000);

const secrets = async (): Promise<string[]> => [
  ...new Set([...(await hawser.emulators.secrets()), ...own, hawser.api.key ?? '', ...keyMaterial()]),
];

function keyMaterial(): string[] {
  return ['vault.private.json', 'payload.json'].flatMap((file) => {
    const ring = JSON.parse(readFileSync(join(hawser.dataDir, 'keys', file), 'utf8')) as {
      keys: { d?: string; k?: string }[];
    };
    return ring.keys.flatMap(({ d, k }) => [d, k].filter((part): part is string => part !== undefined));
  });
}

/** Answers of the apps' APIs that quote the youngest secrets: the credential in force is among them. One answer for each form. */
async function quotingApis(recipe: string): Promise<void> {
  const { api, emulators } = hawser;
  const young = (await emulators.secrets()).slice(-8);
  const forms = Array.from({ length: 6 }, (_, form) => young.map((secret) => formsOfSecret(secret)[form] ?? secret));
  const before = (await untilJobs(api, recipe, 'succeeded', 12)).length;
  const faults = forms.map((quoted, index) => {
    const text = quoted.join(' / ');
    const body = { error: 'RecordInvalid', description: 'No', details: { name: [{ description: text }] } };
    const headers = {
      'x-request-id': quoted[0] ?? '',
      'www-authenticate': `Bearer error="${encodeURIComponent(text).slice(0, 900)}"`,
    };
    return { status: 422, body: index % 2 ? text : body, headers };
  });
  // In a good answer: what a step reads becomes its output, and that goes into the history. An app knows its own tokens only.
  const [access = '', refresh = ''] = young.slice(-2);
  const organization = {
    id: 4_711,
    name: `${access} ${refresh}`,
    external_id: Buffer.from(refresh).toString('base64'),
  };
  for (const fault of [...faults, { status: 200, body: { organization } }])
    await emulators.fault({ app: 'zendesk', path: '/api/v2/organizations', kind: 'status', times: 1, ...fault });
  for (let index = 0; index <= faults.length; index += 1)
    await emulators.createRecord('salesforce/production', 'Account', { Name: `Quoted ${index}` });
  await untilJobs(api, recipe, 'failed', faults.length);
  await untilJobs(api, recipe, 'succeeded', before + 1);
}

/** Token endpoint, verification and callback that quote what they were sent. */
async function quotingConsent(): Promise<void> {
  const { api, emulators } = hawser;
  const quoted = (await emulators.secrets()).slice(-4);
  await emulators.fault({
    app: 'salesforce',
    path: '/services/oauth2/token',
    kind: 'status',
    status: 400,
    body: { error: 'invalid_request', error_description: quoted.join(' ') },
    times: 1,
  });
  await authorize(api, await createConnection(api, 'salesforce', 'Token endpoint'), SALESFORCE_ADMIN);
  await emulators.fault({
    app: 'salesforce',
    path: '/services/oauth2/userinfo',
    kind: 'status',
    status: 403,
    body: `Not for ${quoted.join(' ')}`,
    times: 2,
  });
  await authorize(api, await createConnection(api, 'salesforce', 'Verification'), SALESFORCE_ADMIN);
  // An app that sends the state back as its error word.
  const id = await createConnection(api, 'salesforce', 'Callback');
  const { attemptId, url } = await api.ok('POST', `/v1/connections/${id}/authorize`, {});
  const browser = new Browser();
  await openLink(browser, url);
  const state =
    browser.visited.map((visited) => new URL(visited).searchParams.get('state')).find((one) => one !== null) ?? '';
  expect(state).not.toBe('');
  own.push(state, state.split('.')[1] ?? '', new URL(url).pathname.split('.')[1] ?? '');
  const callback = `${api.url}/oauth/callback?${new URLSearchParams({ state, error: state.split('.')[1] ?? '', error_description: state }).toString()}`;
  told.push((await browser.open(callback)).html);
  await eventually(
    'the attempt to end',
    async () => (await api.ok('GET', `/v1/connections/${id}/attempts/${attemptId}`)).end,
  );
}

/** Everything that a caller can read. */
async function readAll(recipe: string): Promise<void> {
  const { api } = hawser;
  // The link is for the caller: it stands in the answer to `authorize`, and nowhere else.
  for (let index = told.length - 1; index >= 0; index -= 1)
    if (told[index]?.includes('/connect/')) told.splice(index, 1);
  for (const noun of ['connections', 'recipes', 'jobs', 'app-clients', 'connectors']) {
    const { items } = await api.ok('GET', `/v1/${noun}`);
    for (const item of items) await api.send('GET', `/v1/${noun}/${item.id ?? item.app}`);
  }
  await api.send('GET', `/v1/recipes/${recipe}/connections`);
  for (const path of ['/health/ready', '/health/live', '/openapi.json'])
    told.push(await (await request(`${api.url}${path}`)).body.text());
}

/** A report on demand, then a crash, of every process of ours; answers with what it left behind. */
async function crash(): Promise<{ files: string[]; text: string }> {
  const processes = [hawser.gateway, ...hawser.workers];
  for (const [index, one] of processes.entries()) {
    one.signal('SIGUSR2');
    await eventually('a report', async () => readdirSync(reports).length > index);
  }
  for (const one of processes) {
    one.signal('SIGABRT');
    await one.gone();
  }
  const files = [
    ...readdirSync(reports).map((file) => join(reports, file)),
    ...readdirSync(process.cwd()).filter((file) => /^core|^report\.|\.heap(snapshot|prof)$/.test(file)),
  ];
  return { files, text: files.map((file) => (existsSync(file) ? readFileSync(file, 'latin1') : '')).join('\n') };
}

test('no secret leaves the boxes, whatever an app quotes, and not even in a crash', async () => {
  const { api } = hawser;
  const salesforce = await connected(api, 'salesforce', SALESFORCE_ADMIN);
  const zendesk = await connected(api, 'zendesk', ZENDESK_ADMIN);
  const recipe = await startedRecipe(api, accountsToOrganizations(salesforce, zendesk));
  await untilJobs(api, recipe, 'succeeded', 12);
  await quotingApis(recipe);
  await quotingConsent();
  await readAll(recipe);
  const all = await secrets();
  expect(all.length).toBeGreaterThan(20);
  const temporal = await everythingInTemporal(hawser.temporalAddress, hawser.namespace, hawser.dataDir);
  const mongo = await everythingInMongo(hawser.mongoUri);
  const dump = await crash();
  // The searches look where they say they do.
  expect({
    temporal: temporal.payloads > 100,
    mongo: mongo.includes(salesforce),
    told: told.length > 50,
    logs: hawser.logs().includes(zendesk),
  }).toEqual({ temporal: true, mongo: true, told: true, logs: true });
  expect(temporal.decoded).toContain('[redacted]');
  expect(dump.files).toHaveLength(2);
  expect(dump.text).toContain('HAWSER_DATA');
  const found = {
    temporalRaw: secretsIn(temporal.raw, all),
    temporalDecoded: secretsIn(temporal.decoded, all),
    mongo: secretsIn(mongo, all),
    logs: secretsIn(hawser.logs(), all),
    answers: secretsIn(told.join('\n'), all),
    reports: secretsIn(dump.text, [...all, hawser.mongoUri]),
  };
  recordOutcome('security', 'planted-secrets', {
    secrets: all.length,
    payloads: temporal.payloads,
    answers: told.length,
    found: Object.values(found).flat().length,
  });
  expect(found).toEqual({ temporalRaw: [], temporalDecoded: [], mongo: [], logs: [], answers: [], reports: [] });
}, 300_000);
