/** A token that was issued a moment ago is refused for a while by parts of the app: nobody is asked to reconnect, no job fails. */
import { borrowHawser } from '../support/borrow-hawser.js';
import { connected, SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../support/connect.js';
import { accountsToOrganizations, startedRecipe, untilJobs, untilPolled } from '../support/recipes.js';
import type { BorrowedHawser } from '../support/start-hawser.js';
import { untilOld } from '../support/until-old.js';

const WRITES = '/api/v2/organizations/create_or_update';
const PROOF = '/api/v2/users/me';
const REFUSED = {
  app: 'zendesk',
  kind: 'status',
  status: 401,
  headers: { 'content-type': 'application/json' },
  body: { error: 'invalid_token', error_description: 'The access token provided is expired, revoked or malformed.' },
} as const;

let hawser: BorrowedHawser;
let zendesk: string;
let recipe: string;
beforeAll(async () => {
  hawser = await borrowHawser();
  const salesforce = await connected(hawser.api, 'salesforce', SALESFORCE_ADMIN);
  zendesk = await connected(hawser.api, 'zendesk', ZENDESK_ADMIN);
  recipe = await startedRecipe(hawser.api, accountsToOrganizations(salesforce, zendesk, 'now'));
  await untilPolled(hawser.api, recipe);
}, 180_000);
afterAll(() => hawser?.stop());

/** How often the app has answered a path with 401. */
async function refusals(path: string, since: number): Promise<number> {
  const entries = await hawser.emulators.log({ app: 'zendesk', since });
  return entries.filter((entry) => entry.path.startsWith(path) && entry.status === 401).length;
}

test.each([
  ['the proof and the write', [PROOF, WRITES]],
  ['the write, twice, while the proof is good', [WRITES]],
])(
  'g22: a fresh token is refused for some seconds: %s',
  async (name, paths) => {
    const { api, emulators } = hawser;
    await untilOld(api, zendesk);
    const since = (await emulators.log()).at(-1)?.seq ?? 0;
    const before = await emulators.refreshes('zendesk/acme');
    const statuses = new Set<string>();
    const watch = setInterval(
      () =>
        void api.ok('GET', `/v1/connections/${zendesk}`).then(
          (view) => statuses.add(view.status),
          () => undefined,
        ),
      200,
    );
    try {
      // The old token is refused by the app itself, the one that follows by the faults.
      await emulators.expireAccessTokens('zendesk/acme');
      // One more of the writes: that of the old token meets a fault too.
      for (const path of paths) await emulators.fault({ ...REFUSED, path, times: path === WRITES ? 3 : 2 });
      await emulators.createRecord('salesforce/production', 'Account', { Name: `Fresh token: ${name}` });
      await untilJobs(api, recipe, 'succeeded', name === 'the proof and the write' ? 1 : 2, 90_000);
    } finally {
      clearInterval(watch);
      await emulators.clearFaults();
    }
    for (const path of paths) expect(await refusals(path, since)).toBeGreaterThanOrEqual(2);
    expect([...statuses]).not.toContain('invalid');
    const lost = hawser
      .logs()
      .split('\n')
      .filter((line) => line.includes('"connection_lost"') && line.includes(zendesk));
    expect(lost).toEqual([]);
    expect(await api.ok('GET', `/v1/connections/${zendesk}`)).toMatchObject({ status: 'connected' });
    expect(await emulators.refreshes('zendesk/acme')).toBeLessThanOrEqual(before + 2);
  },
  120_000,
);
