/** Where and of what a bench was run. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import type { Report } from './row.js';

export function machine(): Report['machine'] {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryMb: Math.round(totalmem() / 1_048_576),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
}

export const load = (): number[] => loadavg().map((value) => Number(value.toFixed(2)));

/** The commit that is checked out; with a `+` when the working copy differs from it. */
export function commit(root: string): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    // The page that the command itself writes does not count.
    const changed = git('status', '--porcelain', '--untracked-files=no')
      .split('\n')
      .filter((line) => line !== '' && !line.includes('docs/bench'));
    return git('rev-parse', '--short', 'HEAD') + (changed.length > 0 ? '+' : '');
  } catch {
    return 'unknown';
  }
}
