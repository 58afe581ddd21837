/**
 * Every step of the product under way or begun while one of our stores is gone: what they were asked, what they answered, and how
 * everything stands when the store is back.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Browser, consent } from '../support/browser.js';
import {
  connected,
  createConnection,
  openLink,
  SALESFORCE_ADMIN,
  statusOf,
  ZENDESK_ADMIN,
} from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { proofSize } from '../support/proof-size.js';
import { accountsToOrganizations, startedRecipe, untilJobs, untilPolled } from '../support/recipes.js';
import type { Hawser } from '../support/start-hawser.js';
import type { TcpProxy } from '../support/tcp-proxy.js';

const OUTAGE_MS = proofSize(15_000, 60_000);
/** Longer than it takes to see that the requests have reached the app, shorter than the outage. */
const ANSWER_DELAY_MS = 4_000;

const TOKENS = '/oauth/tokens';

interface Cast {
  renewed: string;
  reconnected: string;
  verified: string;
  disconnected: string;
  drafted: string;
  recipe: string;
}

export interface Answers {
  verify: number;
  disconnect: number;
  read: number;
  callback: number;
}

async function cast({ api }: Hawser): Promise<Cast> {
  const renewed = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Renewed');
  const verified = await connected(api, 'salesforce', SALESFORCE_ADMIN, 'Verified');
  const reconnected = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Reconnected');
  const disconnected = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Disconnected');
  const drafted = await createConnection(api, 'zendesk', 'Drafted');
  const recipe = await startedRecipe(api, accountsToOrganizations(verified, renewed, 'now'));
  await untilPolled(api, recipe);
  return { renewed, reconnected, verified, disconnected, drafted, recipe };
}

const view = ({ api }: Hawser, id: string): Promise<any> => api.ok('GET', `/v1/connections/${id}`);
const writes = ({ emulators }: Hawser): Promise<number> => emulators.writes('zendesk/acme');
const callbackOf = (browser: Browser): string => browser.visited.find((url) => url.includes('/oauth/callback')) ?? '';

/** A consent that is given; the callback is opened by the caller. */
async function attempt(
  { api }: Hawser,
  id: string,
): Promise<{ browser: Browser; open: () => Promise<number>; attemptId: string }> {
  const { attemptId, url } = await api.ok('POST', `/v1/connections/${id}/authorize`, {});
  const browser = new Browser();
  const page = await openLink(browser, url);
  const open = async (): Promise<number> => {
    if (callbackOf(browser)) return (await browser.open(callbackOf(browser))).status;
    return (await consent(browser, page, ZENDESK_ADMIN)).status;
  };
  return { browser, open, attemptId };
}

async function untilMet(hawser: Hawser, path: string, count: number): Promise<void> {
  await eventually(`${count} requests to be at ${path}`, async () => {
    const { faults } = await hawser.emulators.call<{ faults: { met: number; path: string }[] }>('GET', '/faults');
    return faults.filter((fault) => fault.path === path).reduce((sum, { met }) => sum + met, 0) >= count;
  });
}

/** Sends everything into the outage; answers how each was answered, and the token calls. */
export async function throughOutage(
  hawser: Hawser,
  links: TcpProxy[],
  during: () => Promise<void>,
): Promise<{ answers: Answers; tokenCalls: number; writes: number }> {
  const { api, emulators } = hawser;
  const who = await cast(hawser);
  const [drafted, reconnected] = [await attempt(hawser, who.drafted), await attempt(hawser, who.reconnected)];
  const before = {
    calls: (await emulators.counts('zendesk/acme')).tokenCalls,
    writes: await writes(hawser),
    version: (await view(hawser, who.reconnected)).version,
  };
  // Under way when the store goes: a renewal, an exchange and a job's step, each answered by the app while it is gone.
  await emulators.fault({ app: 'zendesk', path: TOKENS, kind: 'delay_after', delayMs: ANSWER_DELAY_MS, times: 2 });
  await emulators.fault({
    app: 'zendesk',
    path: '/organizations/',
    kind: 'delay_after',
    delayMs: ANSWER_DELAY_MS,
    times: 1,
  });
  await emulators.createRecord('salesforce/production', 'Account', { Name: `Before ${Date.now()}` });
  await eventually(
    'the job to be on its way',
    async () =>
      (await emulators.call<{ faults: { met: number; path: string }[] }>('GET', '/faults')).faults.some(
        ({ met, path }) => met === 1 && path.includes('organizations'),
      ) || (await writes(hawser)) > before.writes,
    60_000,
    50,
  );
  const refreshing = api.send('POST', `/v1/connections/${who.renewed}/refresh`, {}).catch(() => undefined);
  const reconnecting = reconnected.open().catch(() => 0);
  await untilMet(hawser, TOKENS, 2);

  for (const link of links) link.goAway();
  const back = pause(OUTAGE_MS);
  const status = (answer: Promise<{ status: number }>): Promise<number> =>
    answer.then(
      (one) => one.status,
      () => 0,
    );
  const asked = Promise.all([
    status(api.send('POST', `/v1/connections/${who.verified}/verify`, {})),
    status(api.send('POST', `/v1/connections/${who.disconnected}/disconnect`, { confirm: true })),
    status(api.send('GET', `/v1/connections/${who.verified}`)),
    drafted.open().catch(() => 0),
  ]);
  await emulators.createRecord('salesforce/production', 'Account', { Name: `During ${Date.now()}` });
  await during();
  await back;
  const lastTokenCall = (await emulators.counts('zendesk/acme')).tokenCalls;
  for (const link of links) link.comeBack();
  const [verify, disconnect, read, callback] = await asked;
  await Promise.all([refreshing, reconnecting]);
  await emulators.clearFaults();
  expect(lastTokenCall - before.calls).toBeLessThanOrEqual(3);
  await standsWell(hawser, who, { drafted, reconnected, reconnectedFrom: before.version });
  return {
    answers: { verify, disconnect, read, callback },
    tokenCalls: (await emulators.counts('zendesk/acme')).tokenCalls - before.calls,
    writes: (await writes(hawser)) - before.writes,
  };
}

type Attempt = Awaited<ReturnType<typeof attempt>>;

async function standsWell(
  hawser: Hawser,
  who: Cast,
  { drafted, reconnected, reconnectedFrom }: { drafted: Attempt; reconnected: Attempt; reconnectedFrom: number },
): Promise<void> {
  const { api } = hawser;
  const patience = 120_000;
  await eventually(
    'the renewal to be in force',
    async () => (await view(hawser, who.renewed)).version > 1 && (await statusOf(api, who.renewed)) === 'connected',
    patience,
  );
  // A person whose page failed loads it again.
  const repeat = async (id: string, { open }: Attempt, from: number): Promise<unknown> =>
    eventually(
      'the authorization to be in force',
      async () => {
        const seen = await view(hawser, id);
        if (seen.status === 'connected' && seen.version > from) return true;
        await open().catch(() => 0);
        return false;
      },
      patience,
      1_000,
    );
  await repeat(who.drafted, drafted, 0);
  await repeat(who.reconnected, reconnected, reconnectedFrom);
  await eventually(
    'the disconnect',
    async () => {
      if ((await statusOf(api, who.disconnected)) === 'disconnected') return true;
      await api.send('POST', `/v1/connections/${who.disconnected}/disconnect`, { confirm: true });
      return false;
    },
    patience,
    1_000,
  );
  await untilJobs(api, who.recipe, 'succeeded', 2, patience);
  for (const id of [who.renewed, who.drafted, who.reconnected, who.verified]) {
    const proof = await eventually(
      `a proof of ${id}`,
      async () => (await api.send('POST', `/v1/connections/${id}/verify`, {})).body?.proof,
      patience,
      1_000,
    );
    expect(proof).toMatchObject({ accepted: true });
  }
  await api.ok('POST', `/v1/recipes/${who.recipe}/stop`, {});
}
