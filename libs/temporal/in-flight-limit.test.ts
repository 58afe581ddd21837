import { InFlightLimit } from './in-flight-limit.js';

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

describe('the limit of calls in flight', () => {
  it('never runs more than allowed per key, serves the line in order, and forgets empty lines', async () => {
    const limit = new InFlightLimit(3);
    const order: number[] = [];
    let running = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        limit.run('actor', async () => {
          order.push(index);
          most = Math.max(most, (running += 1));
          await turns(5);
          running -= 1;
        }),
      ),
    );
    expect(most).toBe(3);
    expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect((limit as unknown as { lines: Map<string, unknown> }).lines.size).toBe(0);
  });

  it('goes on after a failure, and keys do not hinder each other', async () => {
    const limit = new InFlightLimit(1);
    await expect(limit.run('a', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    let release = (): void => undefined;
    const held = limit.run('a', () => new Promise<void>((resolve) => (release = resolve)));
    await expect(limit.run('b', () => Promise.resolve('b'))).resolves.toBe('b');
    release();
    await held;
  });
});
