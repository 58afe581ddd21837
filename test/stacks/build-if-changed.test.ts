/** `npm test` and `npm start` build anew only what has changed, and never take a build that failed for one that is there. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error -- a script without types
import { buildIfChanged } from '../../scripts/stack/build-if-changed.mjs';

let root: string;
let builds = 0;
const build = async (): Promise<boolean> => {
  builds += 1;
  mkdirSync(join(root, 'dist'), { recursive: true });
  return true;
};
const run = (how: () => Promise<boolean> = build): Promise<boolean> => buildIfChanged(root, how) as Promise<boolean>;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hawser-build-'));
  builds = 0;
  for (const folder of ['apps', 'libs', 'workflows', 'scripts/stack'])
    mkdirSync(join(root, folder), { recursive: true });
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json'];
  for (const file of [...settings, 'scripts/stack/bundle-programs.mjs', 'libs/one.ts'])
    writeFileSync(join(root, file), file);
});
afterEach(() => rmSync(root, { recursive: true }));

test('the same sources are built once, whatever their time stamps say', async () => {
  await run();
  utimesSync(join(root, 'libs/one.ts'), 1, 1);
  writeFileSync(join(root, 'libs/one.test.ts'), 'a test is not built');
  expect(await run()).toBe(true);
  expect(builds).toBe(1);
});

test.each(['libs/one.ts', 'apps/new.ts', 'package-lock.json'])('a change of %s is built', async (file) => {
  await run();
  writeFileSync(join(root, file), 'changed');
  expect(await run()).toBe(true);
  expect(builds).toBe(2);
});

test('a build that fails is none, and what stood there before counts no more', async () => {
  await run();
  writeFileSync(join(root, 'libs/one.ts'), 'broken');
  expect(await run(async () => false)).toBe(false);
  writeFileSync(join(root, 'libs/one.ts'), 'libs/one.ts');
  expect(await run()).toBe(true);
  expect(builds).toBe(2);
});
