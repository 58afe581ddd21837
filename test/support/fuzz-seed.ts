/**
 * The seed of generated tests. `npm test` always runs the same cases; `HAWSER_PROOF=full` takes new ones each time, and
 * `HAWSER_FUZZ_SEED` repeats those of a run that failed: its message names the seed.
 */
import { randomInt } from 'node:crypto';

const EVERYDAY = 20_261_129;
let chosen: number | null = null;

/** One seed for the whole test file. */
export function fuzzSeed(): number {
  chosen ??= seedFrom(process.env);
  return chosen;
}

export function seedFrom(environment: NodeJS.ProcessEnv): number {
  const asked = environment.HAWSER_FUZZ_SEED;
  if (asked !== undefined && asked !== '') {
    const seed = Number(asked);
    if (!Number.isSafeInteger(seed)) throw new Error(`HAWSER_FUZZ_SEED is no whole number: "${asked}".`);
    return seed;
  }
  return environment.HAWSER_PROOF === 'full' ? randomInt(2 ** 31) : EVERYDAY;
}

/** Runs the checks of one generated case; a failure names the case, and the seed that makes it again. */
export async function inCase<T>(name: string, seed: number, check: () => T | Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    const { message, stack } = error as Error;
    const told = new Error(`${name}\nRepeat with HAWSER_FUZZ_SEED=${seed}.\n${message}`);
    // One failure, told once: a cause would print the whole of it again.
    if (stack !== undefined) told.stack = `${told.message}\n${stack}`;
    throw told;
  }
}
