/** The bench itself works: its driver at the smallest size. Counts are asserted, times never. */
import { startBench, type BenchStack } from './bench-stack.js';
import { ManyConnections } from './many-connections.js';
import { callsPerExpiry, eventsOfRenewals } from './renewal-part.js';

let stack: BenchStack;
beforeAll(async () => void (stack = await startBench()), 120_000);
afterAll(() => stack?.stop());

test('ten callers with one expired token cause one call; each renewal costs at most 11 events; the probe tells the heap', async () => {
  const connections = new ManyConnections(stack.hawser.api);
  await connections.growTo(3);
  expect(new Set(connections.ids).size).toBe(3);
  expect((await callsPerExpiry(stack, connections.ids[0]!, 10, 2_000)).value).toBe(1);
  const events = await eventsOfRenewals(stack, 2);
  expect(events).toHaveLength(2);
  expect(Math.max(...events)).toBeLessThanOrEqual(11);
  const heap = await stack.worker.heap();
  expect(heap.workflowThreads).toBeGreaterThan(1_000_000);
  expect(heap.main).toBeGreaterThan(1_000_000);
}, 120_000);
