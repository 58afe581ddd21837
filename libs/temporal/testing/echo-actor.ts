/** A small actor for the tests of this folder: it counts, refuses, rolls over by the gate of design.md section 3, and ends. */
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
  sleep,
} from '@temporalio/workflow';

export const ROLL_AT = 5;

export const addUpdate = defineUpdate<number, [{ key: string; text: string }]>('add');
export const refuseUpdate = defineUpdate<void, [string]>('refuse');
export const runsQuery = defineQuery<{ keys: string[]; runs: number }>('runs');
export const addSignal = defineSignal<[{ key: string }]>('addByHand');
export const finishSignal = defineSignal('finish');

/** Rolls over after every `ROLL_AT` added keys; idempotent by key. */
export async function echoActor(keys: string[] = [], runs = 1): Promise<string> {
  let added = 0;
  let finished = false;
  let rolling = false;
  const add = (key: string): void => {
    if (keys.includes(key)) return;
    keys.push(key);
    added += 1;
  };
  setHandler(
    addUpdate,
    async ({ key }) => {
      await sleep(5);
      add(key);
      return keys.length;
    },
    {
      validator: () => {
        if (rolling) throw ApplicationFailure.nonRetryable('The actor rolls over.', 'Rolling');
      },
    },
  );
  setHandler(refuseUpdate, (text) => {
    throw ApplicationFailure.nonRetryable(text, 'in_use');
  });
  setHandler(runsQuery, () => ({ keys, runs }));
  setHandler(addSignal, ({ key }) => add(key));
  setHandler(finishSignal, () => void (finished = true));
  await condition(() => finished || added >= ROLL_AT);
  rolling = true;
  await condition(allHandlersFinished);
  if (finished) return 'done';
  return continueAsNew<typeof echoActor>(keys, runs + 1);
}
