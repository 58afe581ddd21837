/** A small actor for the tests of this folder: it counts, refuses, rolls over by the gate of docs/decisions.md, and ends. */
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';

export const ROLL_AT = 5;
/** As `text` of `add`: the handler waits for `release`. */
export const HOLD = 'hold';

export const addUpdate = defineUpdate<number, [{ key: string; text: string }]>('add');
export const refuseUpdate = defineUpdate<void, [string]>('refuse');
/** Calls an activity that fails with that text. */
export const failInActivityUpdate = defineUpdate<string, [string]>('failInActivity');
export const runsQuery = defineQuery<{ keys: string[]; runs: number }>('runs');
/** Whether it has begun to roll over: updates are refused from then on. */
export const rollingQuery = defineQuery<boolean>('rolling');
export const addSignal = defineSignal<[{ key: string }]>('addByHand');
export const rollSignal = defineSignal('roll');
export const releaseSignal = defineSignal('release');
export const finishSignal = defineSignal('finish');

const { fails } = proxyActivities<{ fails(text: string): Promise<void> }>({
  startToCloseTimeout: '5 s',
  retry: { maximumAttempts: 1 },
});

/** Rolls over after every `ROLL_AT` added keys; idempotent by key. */
export async function echoActor(keys: string[] = [], runs = 1): Promise<string> {
  let added = 0;
  let finished = false;
  let released = false;
  let rollWished = false;
  let rolling = false;
  const add = (key: string): void => {
    if (keys.includes(key)) return;
    keys.push(key);
    added += 1;
  };
  setHandler(
    addUpdate,
    async ({ key, text }) => {
      await (text === HOLD ? condition(() => released) : sleep(5));
      add(key);
      return keys.length;
    },
    {
      validator: (_input) => {
        if (rolling) throw ApplicationFailure.nonRetryable('The actor rolls over.', 'Rolling');
      },
    },
  );
  setHandler(refuseUpdate, (text) => {
    throw ApplicationFailure.nonRetryable(text, 'in_use');
  });
  setHandler(failInActivityUpdate, (text) =>
    fails(text).then(
      () => 'no failure',
      (error: unknown) => String((error as Error).cause),
    ),
  );
  setHandler(runsQuery, () => ({ keys, runs }));
  setHandler(rollingQuery, () => rolling);
  setHandler(addSignal, ({ key }) => add(key));
  setHandler(finishSignal, () => void (finished = true));
  setHandler(rollSignal, () => void (rollWished = true));
  setHandler(releaseSignal, () => void (released = true));
  await condition(() => finished || rollWished || added >= ROLL_AT);
  rolling = true;
  await condition(allHandlersFinished);
  if (finished) return 'done';
  return continueAsNew<typeof echoActor>(keys, runs + 1);
}
