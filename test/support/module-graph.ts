/** The modules that an entry reaches, by its `require` calls in dist/ (our own files only). */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..');
const { imports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  imports: Record<string, { default: string }>;
};

/** Paths below the project, such as `dist/libs/vault/seal.js`. */
export function reachableFrom(entry: string): Set<string> {
  const found = new Set<string>();
  const open = [resolve(ROOT, entry)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const path = relative(ROOT, file);
    if (found.has(path)) continue;
    if (!existsSync(file)) throw new Error(`${path} does not exist. Build first.`);
    found.add(path);
    for (const [, wish = ''] of readFileSync(file, 'utf8').matchAll(
      /(?:require|import)\(\s*["'`]([^"'`]+)["'`]\s*\)/g,
    )) {
      const target = targetOf(wish, file);
      if (target) open.push(target);
    }
  }
  return found;
}

function targetOf(wish: string, from: string): string | null {
  if (wish.startsWith('.')) return resolve(dirname(from), wish);
  if (!wish.startsWith('#')) return null;
  for (const [pattern, { default: target }] of Object.entries(imports)) {
    const [head = '', tail = ''] = pattern.split('*');
    if (wish.startsWith(head) && wish.endsWith(tail))
      return resolve(ROOT, target.replace('*', wish.slice(head.length, wish.length - tail.length)));
  }
  throw new Error(`${from} imports ${wish}, which package.json does not name.`);
}
