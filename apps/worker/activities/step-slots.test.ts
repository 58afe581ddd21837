/** A connection's share of a worker's slots. `g20` */
import { StepSlots } from './step-slots.js';

/** Work that ends when it is told to. */
function held() {
  let end!: (error?: Error) => void;
  const work = () => new Promise<void>((resolve, reject) => (end = (error) => (error ? reject(error) : resolve())));
  return { work, end: (error?: Error) => end(error) };
}
const begun = (slots: StepSlots, connectionId: string) => {
  const one = held();
  const done = slots.run(connectionId, one.work).then(
    () => 'done',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
  return { ...one, done };
};

test('g20: a connection over its share is turned away, its neighbour is not, and a slot that is free again serves', async () => {
  const slots = new StepSlots({ perConnection: 2, all: 10 });
  const mine = [begun(slots, 'a'), begun(slots, 'a')];
  expect(await begun(slots, 'a').done).toBe('busy');
  const other = begun(slots, 'b');
  mine[0]?.end();
  expect(await mine[0]?.done).toBe('done');
  const again = begun(slots, 'a');
  for (const one of [mine[1], other, again]) one?.end();
  expect(await Promise.all([mine[1]?.done, other.done, again.done])).toEqual(['done', 'done', 'done']);
});

test('g20: all steps together leave slots for those who wait at a screen; a failure gives its slot back', async () => {
  const slots = new StepSlots({ perConnection: 2, all: 3 });
  const all = ['a', 'b', 'c'].map((connection) => begun(slots, connection));
  expect(await begun(slots, 'd').done).toBe('busy');
  all[0]?.end(new Error('failed'));
  expect(await all[0]?.done).toBe('failed');
  const last = begun(slots, 'd');
  for (const one of [...all.slice(1), last]) one.end();
  expect(await last.done).toBe('done');
});
