/** The build of an older commit, made from this repository's own history beside the present one. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { git } from '../support/git.js';

const ROOT = resolve(__dirname, '..', '..');

/**
 * The commit to upgrade from: HAWSER_UPGRADE_FROM, or the last one whose workflows are not the present ones.
 * @throws Error where the clone has no such commit.
 */
export function olderCommit(): string {
  const wished = process.env['HAWSER_UPGRADE_FROM'];
  const [newest] = git('log', '-1', '--format=%H', '--', 'workflows', 'libs/domain').split('\n');
  return git('rev-parse', '--verify', `${wished ?? `${newest}~1`}^{commit}`);
}

/** Builds it into .cache/upgrade/<commit>, once; answers with its folder `dist`. It runs on the present packages. */
export function buildOf(commit: string): string {
  const folder = join(ROOT, '.cache', 'upgrade', commit.slice(0, 12));
  const dist = join(folder, 'dist');
  // The bundle is made last: without it somebody was interrupted here.
  if (existsSync(join(dist, 'workflow-bundle.js'))) return dist;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, 'source.tar');
  git('archive', '--format=tar', `--output=${archive}`, commit);
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  symlinkSync(realpathSync(join(ROOT, 'node_modules')), join(folder, 'node_modules'));
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: folder, stdio: 'inherit' });
  return dist;
}
