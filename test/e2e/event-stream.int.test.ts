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

const numberOf = (id: string): number => Number(id.split('.').at(-1));

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
  const ofIt = () => stream.told.filter(({ data }) => data.subject === id);
  // An announcement runs beside the work, so the two may change places; no number is left out.
  await eventually('everything up to the renewal to be told', async () => {
    const numbers = new Set(ofIt().map(({ data }) => data.sequence as number));
    return ofIt().some(({ event }) => event === 'connection.renewed') && numbers.size === Math.max(...numbers);
  });
  // What people do beside it is told too: here the app client that was made for it.
  await eventually('the new app client to be told', async () =>
    stream.told.some(({ event, data }) => event === 'person.acted' && data.facts.operation === 'postAppClients'),
  );
  const renewed = ofIt().find(({ event }) => event === 'connection.renewed');
  expect(renewed?.data).toMatchObject({ subject: id, facts: { because: 'asked' }, who: 'person' });
  const lived = ofIt();
  expect(lived.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['connection.authorized', 'connection.connected', 'connection.verified']),
  );
  expect(JSON.stringify(lived)).not.toMatch(/token|secret/i);

  // Whoever comes back goes on behind what he has seen; a filter leaves the rest out.
  const again = await listen(api, `?kind=connection.renewed`, { 'last-event-id': String((lived[0]?.id ?? 1) - 1) });
  await eventually('the renewal to be told again', async () => again.told.length > 0);
  expect(again.told[0]).toEqual(renewed);
  const newestFirst = lived.map(({ data }) => data.id as string).toSorted((a, b) => numberOf(b) - numberOf(a));
  await eventually('the timeline to tell the same, page by page', async () => {
    const ids: string[] = [];
    for (let cursor = ''; ids.length < 100;) {
      const page = await api.ok('GET', `/v1/connections/${id}/timeline?limit=3${cursor}`);
      ids.push(...page.items.map((event: any) => event.id));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    return (
      newestFirst.every((one) => ids.includes(one)) &&
      ids.every((one, at) => at === 0 || numberOf(ids[at - 1]!) > numberOf(one))
    );
  });
  const page = await api.ok('GET', `/v1/events?after=${(lived[0]?.id ?? 1) - 1}&subject=${id}&limit=200`);
  expect(page.items.map(({ id: one }: any) => one)).toEqual(expect.arrayContaining(newestFirst));
  expect(page).toMatchObject({ dropped: false });
  await Promise.all([again.close(), stream.close()]);

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
  await eventually('the stream to end', async () => stream.isOver());
  expect(stream.told.at(-1)).toMatchObject({ event: 'end', data: { code: 'unauthenticated' } });
}, 60_000);

test('what is no position of ours is refused', async () => {
  const answer = await hawser.api.send('GET', '/v1/events/stream', undefined, { 'last-event-id': 'x' });
  expectProblem(answer, { status: 400, code: 'request_invalid', names: /Last-Event-ID/ });
  expect((await hawser.api.send('GET', '/v1/events?after=-1')).status).toBe(400);
}, 60_000);
