/**
 * A process of the mapping pool: computes one batch after the other. It has no environment, no socket but the channel to its parent, no
 * code that is made from text, a low priority and a small heap, and it ends with its parent, however that one ends.
 */
import { writeSync } from 'node:fs';
import { setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { toAnswer, type Batch, type ChildAnswer } from './child-messages.js';
import { evaluateMappings } from './evaluate.js';

const NICENESS = 5;
/** The pipe on which each field is told when it begins, so that the parent knows the one that ended us. */
const PROGRESS_FD = 3;
/** Computed once before the first batch: the first mapping of a process takes ten times as long as the next. */
const WARM_UP = '$join($map([1..9], function($i) { $string($i) }), "") & trigger.Name';

/**
 * The channel's end is a message like any other, and none is read while an expression computes. So a thread looks: it is the one thing
 * here that runs beside an expression.
 */
function endWithParent(): void {
  const look = `
    const parent = ${process.ppid};
    setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 500);`;
  new Worker(look, { eval: true, env: {}, stdin: false }).unref();
  process.on('disconnect', () => process.exit(0));
  // A stop of the whole group: the parent ends its steps first, and us last.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
}

/** In Temporal a step's time zone must not hang on the machine that it runs on. */
function forgetSurroundings(): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  process.env.TZ = 'UTC';
}

function lowerPriority(): void {
  try {
    setPriority(NICENESS);
  } catch {
    // Refused by some sandboxes. It is a courtesy to the other processes, not a guard.
  }
}

const tell = (answer: ChildAnswer): void => void process.send?.(answer);

function beginField(): void {
  try {
    writeSync(PROGRESS_FD, '.');
  } catch {
    // The parent reads slowly or not at all: it then names a field before this one.
  }
}

async function compute({ fields, input }: Batch): Promise<ChildAnswer> {
  try {
    return { result: await evaluateMappings(fields, input, beginField) };
  } catch (error) {
    return toAnswer(error);
  }
}

async function main(): Promise<void> {
  endWithParent();
  forgetSurroundings();
  lowerPriority();
  await evaluateMappings({ warm: WARM_UP }, { trigger: { Name: '' }, steps: {}, job: { id: '', recipeId: '' } });
  process.on('message', (batch: Batch) => void compute(batch).then(tell));
  tell({ ready: true });
}

void main();
