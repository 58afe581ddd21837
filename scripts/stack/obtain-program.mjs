import { ClearError } from './clear-error.mjs';

/**
 * Tries the ways to get a program one after the other. A way returns what it found, or says by a ClearError why not.
 * If all fail, one error lists each way, why it failed, and what can be done.
 */
export async function obtainProgram(name, ways) {
  const failures = [];
  for (const { way, cure, find } of ways) {
    try {
      return { ...(await find()), way };
    } catch (error) {
      if (!(error instanceof ClearError)) throw error;
      failures.push(`  - ${way}: ${error.message}. ${cure}`);
    }
  }
  throw new ClearError([`${name} could not be had in any way:`, ...failures].join('\n'));
}
