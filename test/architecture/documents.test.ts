/** README.md and ARCHITECTURE.md must stay true: each path, picture and command that they name exists. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFiles } from '../support/git.js';

const ROOT = join(__dirname, '..', '..');
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'docs/runbook.md'];

const files = repositoryFiles();
const known = new Set(files);
for (const path of files) {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) known.add(path.slice(0, end));
}
/** Folders at the root, and that of what is built. */
const FOLDERS = [...new Set(files.filter((path) => path.includes('/')).map((path) => path.split('/')[0]!)), 'dist'];

/** What stands in backticks and looks like a path of the repository: it begins with one of its folders, or is a file at its root. */
function pathsIn(text: string): string[] {
  const quoted = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!);
  const words = quoted.flatMap((span) => span.split(/\s+/));
  const inFolder = (word: string): boolean => FOLDERS.some((name) => word.startsWith(`${name}/`));
  const atRoot = (word: string): boolean => /^[A-Z]+\.md$|^\.?[a-z-]+(\.[a-z-]+)*\.(cjs|yml)$/.test(word);
  return words.filter((word) => /^[\w./-]+$/.test(word) && (inFolder(word) || atRoot(word)));
}

/** What is built is looked for as the source that it is built from. */
const sourceOf = (path: string): string => path.replace(/\/$/, '').replace(/^dist\/(.*)\.js$/, '$1.ts');

describe.each(DOCUMENTS)('%s', (name) => {
  const text = readFileSync(join(ROOT, name), 'utf8');

  test('names only files and folders that exist', () => {
    expect(pathsIn(text).filter((path) => !known.has(sourceOf(path)))).toEqual([]);
  });

  test('links only to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#:\s]+)\)/g)].map(([, target]) => target!);
    expect(links.filter((target) => !known.has(target))).toEqual([]);
  });
});

test('the check sees something', () => {
  expect(pathsIn(readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')).length).toBeGreaterThan(80);
  expect(pathsIn('`libs/domain/no-such-file.ts`, `dist/apps/worker/main.js` and `npm run walls`')).toEqual([
    'libs/domain/no-such-file.ts',
    'dist/apps/worker/main.js',
  ]);
});
