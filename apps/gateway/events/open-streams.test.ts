/** Open streams are bounded, and none outlives its key by five seconds, nor the gateway. */
import type { GatewayServices } from '../ports.js';
import { OpenStreams, STREAMS_OF_WORKSPACE, type StreamEnd } from './open-streams.js';

let findByHash: (hash: string) => Promise<unknown>;
const streams = () =>
  new OpenStreams({
    store: { apiKeys: { findByHash: (hash: string) => findByHash(hash) } },
  } as unknown as GatewayServices);

function opened(of: OpenStreams, keyHash: string, workspaceId = 'ws_a') {
  const ends: StreamEnd[] = [];
  const leave = of.enter({ keyHash, workspaceId, end: (why) => ends.push(why) });
  return { ends, leave };
}

beforeEach(() => {
  jest.useFakeTimers();
  findByHash = async () => ({ workspaceId: 'ws_a' });
});
afterEach(() => jest.useRealTimers());

test('a workspace has so many and no more; another one has its own, and who leaves makes room', () => {
  const open = streams();
  const all = Array.from({ length: STREAMS_OF_WORKSPACE }, () => opened(open, 'a'));
  expect(() => opened(open, 'a')).toThrow(expect.objectContaining({ code: 'too_many_requests' }));
  opened(open, 'b', 'ws_b');
  all[0]?.leave();
  opened(open, 'a');
});

test('a key that is taken out of force ends its streams within 5 s, and no others', async () => {
  const open = streams();
  const [gone, stays] = [opened(open, 'gone'), opened(open, 'stays')];
  findByHash = async (hash) => (hash === 'gone' ? null : { workspaceId: 'ws_a' });
  await jest.advanceTimersByTimeAsync(5_000);
  expect(gone.ends[0]).toBe('unauthenticated');
  expect(stays.ends).toEqual([]);
});

test.each([
  ['fails', () => Promise.reject(new Error('away'))],
  ['says nothing', () => new Promise(() => undefined)],
])('a store that %s cannot say that a key is in force', async (_, find) => {
  const open = streams();
  const { ends } = opened(open, 'a');
  findByHash = find;
  await jest.advanceTimersByTimeAsync(5_000);
  expect(ends[0]).toBe('temporarily_unavailable');
});

test('a gateway that stops ends all, and takes no more', () => {
  const open = streams();
  const { ends } = opened(open, 'a');
  open.onModuleDestroy();
  expect(ends).toEqual(['temporarily_unavailable']);
  expect(() => opened(open, 'a')).toThrow();
});
