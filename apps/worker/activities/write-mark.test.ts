import { ActivityNotFoundError } from '@temporalio/client';
import type { WriteMark } from '#workflows/job/write-mark.js';
import { WriteMarker } from './write-mark.js';

const END = { outcome: { at: 1, version: 1, input: {}, output: { id: 7 } } };

/** A Temporal that answers as it is told; `taken` is what it has. */
function marker(answers: (Error | null)[] = []) {
  const taken: WriteMark[] = [];
  let asked = 0;
  const made = new WriteMarker({
    confirm: async (mark) => {
      asked += 1;
      const trouble = answers.shift() ?? null;
      if (trouble) throw trouble;
      taken.push(mark);
    },
    beat: () => undefined,
  });
  made.stop();
  return { made, taken, asked: () => asked };
}

test('a write is marked before it is sent, with the time that it may take', async () => {
  const { made, taken } = marker();
  const before = Date.now();
  const { sendBefore } = await made.sending(60_000, true);
  expect(sendBefore).toBeGreaterThan(before);
  expect(taken).toEqual([{ v: 1, at: 'sending', until: sendBefore + 60_000, canLookUp: true }]);
});

test('when Temporal does not take the mark, nothing may be sent', async () => {
  const { made, taken } = marker([new Error('away')]);
  await expect(made.sending(1, false)).rejects.toMatchObject({ code: 'temporarily_unavailable' });
  expect(taken).toEqual([]);
  // The mark may have arrived all the same: how the step ended takes its place.
  await made.ended(END);
  expect(taken).toEqual([{ v: 1, at: 'ended', ...END }]);
});

test('a step that sent no such write leaves no mark', async () => {
  const { made, asked } = marker();
  await made.ended(END);
  expect(asked()).toBe(0);
});

test('the end is told until Temporal has it', async () => {
  const { made, taken } = marker([null, new Error('away'), new Error('still away')]);
  await made.sending(1, false);
  await made.ended(END);
  expect(taken.at(-1)).toMatchObject({ at: 'ended', ...END });
});

test('the end is not told to one who has given the step up', async () => {
  const { made, taken, asked } = marker([null, new ActivityNotFoundError('given up')]);
  await made.sending(1, false);
  await made.ended(END);
  expect([taken.length, asked()]).toEqual([1, 2]);
});
