/** What happens is told: the timeline of a connection, the events of a workspace, and the open stream that goes on where it ended. */
import { request } from 'undici';
import { connectStore, type Store } from '#store/connect-store.js';
import { hashApiKey } from '../../apps/gateway/http/api-key.js';
import { borrowHawser } from '../support/borrow-hawser.js';
import { connected, ZENDESK_ADMIN } from '../support/connect.js';
import { eventually } from '../support/eventually.js';
import { expectProblem } from '../support/expect-problem.js';
import type { Api } from '../support/api.js';
import type { BorrowedHawser } from '../support/start-hawser.js';

let hawser: BorrowedHawser;
let store: Store;
beforeAll(async () => {
  hawser = await borrowHawser();
  store = await connectStore({ uri: hawser.mongoUri });
}, 120_000);
afterAll(async () => {
  await store?.close();
  await hawser?.stop();
});

interface Told {
  event: string;
  id: number;
  data: any;
}

/** An open stream and what came by it. */
async function listen(api: Api, query = '', headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const answer = await request(`${api.url}/v1/events/stream${query}`, {
    headers: { authorization: `Bearer ${api.key}`, ...headers },
    signal: stop.signal,
  });
  const told: Told[] = [];
  let ended = false;
  const reading = (async () => {
    let text = '';
    for await (const piece of answer.body) {
      text += String(piece);
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        if (field('data'))
          told.push({ event: field('event'), id: Number(field('id')), data: JSON.parse(field('data')) });
      }
    }
  })()
    .catch(() => undefined)
    .finally(() => (ended = true));
  return {
    status: answer.statusCode,
    type: answer.headers['content-type'],
    told,
    isOver: () => ended,
    close: async () => {
      stop.abort();
      await reading;
    },
  };
}

test('a connection tells its life, as it happens and afterwards', async () => {
  const { api } = hawser;
  const stream = await listen(api);
  expect(stream).toMatchObject({ status: 200, type: expect.stringContaining('text/event-stream') });
  const id = await connected(api, 'zendesk', ZENDESK_ADMIN);
  await api.ok('POST', `/v1/connections/${id}/verify`, {});
  await api.ok('POST', `/v1/connections/${id}/refresh`, {});
  await eventually('the renewal to be told', async () =>
    stream.told.some(({ event }) => event === 'connection.renewed'),
  );
  // What people do beside it is told too: here the app client that was made for it.
  await eventually('the new app client to be told', async () =>
    stream.told.some(({ event, data }) => event === 'person.acted' && data.facts.operation === 'postAppClients'),
  );
  const renewed = stream.told.find(({ event }) => event === 'connection.renewed');
  expect(renewed?.data).toMatchObject({ subject: id, facts: { because: 'asked' }, who: 'person' });
  const lived = stream.told.filter(({ data }) => data.subject === id);
  expect(lived.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['connection.authorized', 'connection.connected', 'connection.verified']),
  );
  expect(lived.map(({ data }) => data.sequence)).toEqual(lived.map((_, index) => index + 1));
  expect(JSON.stringify(lived)).not.toMatch(/token|secret/i);

  // Whoever comes back goes on behind what he has seen; a filter leaves the rest out.
  const again = await listen(api, `?kind=connection.renewed`, { 'last-event-id': String((lived[0]?.id ?? 1) - 1) });
  await eventually('the renewal to be told again', async () => again.told.length > 0);
  expect(again.told[0]).toEqual(renewed);
  await Promise.all([again.close(), stream.close()]);

  const timeline = await api.ok('GET', `/v1/connections/${id}/timeline?limit=3`);
  expect(timeline.items.map(({ sequence }: any) => sequence)).toEqual(
    lived
      .slice(-3)
      .map(({ data }) => data.sequence)
      .toReversed(),
  );
  expect(timeline.items[0].facts).toBeDefined();
  const rest = await api.ok('GET', `/v1/connections/${id}/timeline?limit=100&cursor=${timeline.nextCursor}`);
  expect(rest.items.length + 3).toBe(lived.length);
  expect(rest.nextCursor).toBeNull();

  const page = await api.ok('GET', `/v1/events?after=${(lived[0]?.id ?? 1) - 1}&subject=${id}&limit=200`);
  expect(page.items.map(({ id: one }: any) => one)).toEqual(lived.map(({ data }) => data.id));
  expect(page).toMatchObject({ dropped: false });

  // Another workspace reads past it.
  const stranger = await hawser.workspace('Strangers');
  const theirs = await stranger.ok('GET', `/v1/events?after=${(lived[0]?.id ?? 1) - 1}&limit=200`);
  expect(theirs.items).toEqual([]);
  expectProblem(await stranger.send('GET', `/v1/connections/${id}/timeline`), {
    status: 404,
    code: 'not_found',
    names: /workspace/,
  });
}, 120_000);

test('a key that is taken out of force ends its open streams', async () => {
  const api = await hawser.workspace('Revoked');
  const stream = await listen(api);
  const hash = hashApiKey(api.key ?? '');
  const key = await store.apiKeys.findByHash(hash);
  await store.apiKeys.delete(key?.workspaceId ?? '', hash);
  const from = Date.now();
  await eventually('the stream to end', async () => stream.isOver());
  expect(Date.now() - from).toBeLessThan(6_000);
  expect(stream.told.at(-1)).toMatchObject({ event: 'end', data: { code: 'unauthenticated' } });
}, 60_000);

test('what is no position of ours is refused', async () => {
  const answer = await hawser.api.send('GET', '/v1/events/stream', undefined, { 'last-event-id': 'x' });
  expectProblem(answer, { status: 400, code: 'request_invalid', names: /Last-Event-ID/ });
  expect((await hawser.api.send('GET', '/v1/events?after=-1')).status).toBe(400);
}, 60_000);
