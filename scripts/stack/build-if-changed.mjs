import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const SOURCES = [
  'apps',
  'libs',
  'workflows',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
  'package-lock.json',
  'scripts/stack/bundle-programs.mjs',
];

/** Runs `build` unless `dist` was built from these very sources. Resolves to whether there is a build now. */
export async function buildIfChanged(root, build) {
  const stamp = path.join(root, 'dist', '.built-from');
  const digest = digestOf(root);
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === digest) return true;
  fs.rmSync(stamp, { force: true });
  if (!(await build())) return false;
  fs.writeFileSync(stamp, digest);
  return true;
}

/** By content: a checkout changes every time stamp, and 900 small files are read in a tenth of a second. */
function digestOf(root) {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesOf(path.join(root, source))).toSorted((a, b) =>
    a < b ? -1 : 1,
  )) {
    if (/\.test\.ts$/.test(file)) continue;
    hash.update(`${path.relative(root, file)}\0`).update(fs.readFileSync(file));
  }
  return hash.digest('hex');
}

function filesOf(place) {
  if (!fs.statSync(place).isDirectory()) return [place];
  return fs.readdirSync(place).flatMap((name) => filesOf(path.join(place, name)));
}
