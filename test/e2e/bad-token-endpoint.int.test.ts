/** A token endpoint that answers HTML, nothing, or never: each attempt and each renewal ends with its code; what lives, lives on. */
import {
  authorize,
  connected,
  createConnection,
  SALESFORCE_ADMIN,
  SALESFORCE_SECOND,
  statusOf,
} from '../support/connect.js';
import type { Fault } from '../support/emulator-control.js';
import { eventually } from '../support/eventually.js';
import { expectProblem } from '../support/expect-problem.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';
import { untilOld } from '../support/until-old.js';

let hawser: BorrowedHawser;
/** An old connection: its version is past the earliest useful refresh. */
let living: string;
beforeAll(async () => {
  hawser = await borrowHawser();
  living = await connected(hawser.api, 'salesforce', SALESFORCE_ADMIN);
}, 180_000);
afterEach(() => hawser.emulators.clearFaults());
afterAll(() => hawser?.stop(), 60_000);
jest.setTimeout(90_000);

const TOKEN = { app: 'salesforce', path: '/services/oauth2/token', times: -1 } as const;
const HTML = { headers: { 'content-type': 'text/html' }, body: '<html><body>Scheduled maintenance</body></html>' };
/** Longer than the time-out of a token call (20 s). */
const NEVER_MS = 24_000;

const cases: [string, Omit<Fault, 'path'>, string][] = [
  ['HTML with status 200', { kind: 'status', status: 200, ...HTML }, 'exchange_lost'],
  ['HTML with status 502', { kind: 'status', status: 502, ...HTML }, 'exchange_lost'],
  ['nothing', { kind: 'close_before' }, 'exchange_lost'],
  ['never', { kind: 'delay', delayMs: NEVER_MS }, 'exchange_lost'],
];

test.each(cases)(
  'an authorization, answered %s: the attempt ends with its reason, the connection stays a draft',
  async (_, fault, code) => {
    const { api, emulators } = hawser;
    const id = await createConnection(api, 'salesforce', 'Draft');
    await emulators.fault({ ...TOKEN, ...fault, grantType: 'authorization_code' });
    const { end, page } = await authorize(api, id, SALESFORCE_SECOND);
    expect(end).toMatchObject({ outcome: 'failed', code });
    expect(page.status).toBeLessThan(500);
    expect(await api.ok('GET', `/v1/connections/${id}`)).toMatchObject({ status: 'draft', version: 0 });
    await emulators.clearFaults();
    expect((await authorize(api, id, SALESFORCE_SECOND)).end.outcome).toBe('in_force');
  },
);

test.each(cases)(
  'a renewal, answered %s: nobody is asked to reconnect, and the access token serves on',
  async (_, fault) => {
    const { api, emulators } = hawser;
    const [before] = await untilOld(api, living);
    await emulators.fault({ ...TOKEN, ...fault, grantType: 'refresh_token' });
    const answer = await api.send('POST', `/v1/connections/${living}/refresh`, {});
    // A caller waits 10 s at most; the renewal itself goes on.
    if (answer.status === 200) expect(answer.body.reason).toMatchObject({ text: expect.stringMatching(/\.$/) });
    else expectProblem(answer, { status: 503, code: 'temporarily_unavailable' });
    const view = await eventually('the renewal to end', async () => {
      const found = await api.ok('GET', `/v1/connections/${living}`);
      return found.status !== 'connected' && found;
    });
    expect(view).toMatchObject({ version: before.version, status: 'degraded' });
    expect(['token_endpoint_unavailable', 'renewal_ambiguous', 'app_misconfigured']).toContain(view.reason.code);
    expect(view.nextStep).toMatch(/\.$/);
    expect((await api.ok('POST', `/v1/connections/${living}/verify`, {})).proof).toMatchObject({ accepted: true });

    // An answer that was lost is asked for again at the end of the access token, which this app does not foretell: its rejection.
    await emulators.clearFaults();
    await emulators.expireAccessTokens('salesforce/production');
    await eventually('it to heal', async () => {
      await api.send('POST', `/v1/connections/${living}/verify`, {});
      return (await statusOf(api, living)) === 'connected';
    });
    expect((await api.ok('GET', `/v1/connections/${living}`)).version).toBeGreaterThan(before.version);
  },
);
