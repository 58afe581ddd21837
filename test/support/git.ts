/** What git knows of this repository: the one process that a pure test may start. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

export const git = (...args: string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();

/** Every file that is in git or, with `toBe`, is to be: what only lies in a working copy does not count. Paths from the root. */
export const repositoryFiles = ({ toBe = true } = {}): string[] =>
  git('ls-files', ...(toBe ? ['--cached', '--others', '--exclude-standard'] : []))
    .split('\n')
    .filter((path) => path !== '' && existsSync(join(ROOT, path)));
