/** The documents must stay true: each path and picture that they name exists; ARCHITECTURE.md stays one page. */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { repositoryFiles } from '../support/git.js';

const ROOT = join(__dirname, '..', '..');
const files = repositoryFiles();
const DOCUMENTS = files.filter((path) => path.endsWith('.md'));
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
const sourceOf = (path: string): string =>
  path
    .replace(/\/$/, '')
    .replace(/^dist\/bin\//, 'dist/apps/')
    .replace(/^dist\/(.*)\.js$/, '$1.ts');

describe.each(DOCUMENTS)('%s', (name) => {
  const text = readFileSync(join(ROOT, name), 'utf8');

  test('names only files and folders that exist', () => {
    expect(pathsIn(text).filter((path) => !known.has(sourceOf(path)))).toEqual([]);
  });

  test('links only to files that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#:\s]+)\)/g)].map(([, target]) => target!);
    expect(links.filter((target) => !known.has(posix.join(posix.dirname(name), target)))).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const lines = text.trimEnd().split('\n');

  test('is one page', () => {
    expect(lines.length).toBeLessThanOrEqual(200);
    const cells = lines
      .filter((line) => line.startsWith('|'))
      .flatMap((line) => line.split('|').map((cell) => cell.trim()));
    expect(cells.filter((cell) => cell.length > 200)).toEqual([]);
    expect(lines.filter((line) => !line.startsWith('|') && line.length > 800)).toEqual([]);
  });

  test('names every folder of test/, and every folder that code stands in', () => {
    const folders = new Set(
      files.flatMap((path) => /^(?:test|libs|apps|workflows)\/[^/.]+(?=\/)/.exec(path)?.slice(0, 1) ?? []),
    );
    expect([...folders].filter((folder) => !text.includes(`\`${folder}`))).toEqual([]);
  });
});

test('the check sees something', () => {
  expect(pathsIn(readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')).length).toBeGreaterThan(80);
  expect(pathsIn('`libs/domain/no-such-file.ts`, `dist/apps/worker/main.js` and `npm run walls`')).toEqual([
    'libs/domain/no-such-file.ts',
    'dist/apps/worker/main.js',
  ]);
});
