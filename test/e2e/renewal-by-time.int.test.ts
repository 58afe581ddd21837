/** Renewals that nobody asks for: ahead of the end for a connection in use, and before an idle refresh token dies (AS-18). */
import { connected, ZENDESK_ADMIN } from '../support/connect.js';
import { actorOf, temporalOf } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
beforeAll(async () => void (hawser = await borrowHawser()), 120_000);
afterAll(() => hawser?.stop());

const view = (id: string) => hawser.api.ok('GET', `/v1/connections/${id}`);

test('a connection in use is renewed ahead of its end; an idle refresh token before it dies; each once, in at most 11 events', async () => {
  const { api, emulators } = hawser;
  await emulators.policy('zendesk/acme', { accessTokenTtlSeconds: 24, refreshTokenTtlSeconds: 2_592_000 });
  const inUse = await connected(api, 'zendesk', ZENDESK_ADMIN, 'In use');
  await emulators.policy('zendesk/acme', { accessTokenTtlSeconds: 1_800, refreshTokenTtlSeconds: 20 });
  const idle = await connected(api, 'zendesk', ZENDESK_ADMIN, 'Idle');
  const { client, close } = temporalOf(hawser);
  try {
    const events = async (id: string) => (await (await actorOf(client, id)).fetchHistory()).events?.length ?? 0;
    const before = { inUse: await events(inUse), idle: await events(idle) };
    const ends = { inUse: (await view(inUse)).accessExpiresAt, idle: (await view(idle)).forecast.grantEnds };
    expect(ends.idle - Date.now()).toBeLessThan(20_000);
    for (const [name, id] of Object.entries({ inUse, idle })) {
      const renewed = await eventually(
        `${name} to be renewed`,
        async () => (await view(id)).version === 2 && (await view(id)),
      );
      expect(renewed.status).toBe('connected');
      expect(renewed.obtainedAt).toBeLessThan(ends[name as 'inUse' | 'idle']);
      expect((await events(id)) - before[name as 'inUse' | 'idle']).toBeLessThanOrEqual(11);
    }
    expect((await emulators.counts('zendesk/acme')).byGrantType['refresh_token']).toBe(2);
  } finally {
    await close();
  }
}, 90_000);
