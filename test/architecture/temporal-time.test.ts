/** Moments that another process reads are Temporal's time: no wall clock in the rooms where they are stamped (`temporal-time.ts`). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFiles } from '../support/git.js';

const ROOT = join(__dirname, '..', '..');
const ROOMS =
  /^(apps\/worker\/(activities|app-calls|vault)|libs\/(auth|connectors))\/(?!.*-testing\/).*(?<!\.test)\.ts$/;
const WALL_CLOCK = /\bDate\s*(\?\.|\.)\s*now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\btimeOrigin\b/;
/** Outside the worker (tests of a connector) there is nobody to tell the time. */
const FALLBACK = 'context.now ?? Date.now';

const wallClocks = (path: string, text: string): string[] =>
  text
    .split('\n')
    .flatMap((line, index) =>
      WALL_CLOCK.test(line.replace(FALLBACK, '')) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
    );

test('g02: no wall clock where stamps are made', () => {
  const files = repositoryFiles().filter((path) => ROOMS.test(path));
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap((path) => wallClocks(path, readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
});

test('g02: a planted one is found', () => {
  for (const line of [
    'const at = Date.now();',
    'now: Date.now,',
    'const at = new Date().getTime();',
    'at: Date?.now()',
  ])
    expect(wallClocks('x.ts', line)).toHaveLength(1);
  expect(wallClocks('x.ts', 'const text = new Date(moment).toISOString();')).toEqual([]);
});
