/**
 * Nothing cites what is not here: each page (`….md`) that a comment or a document names is a file of this repository, and a heading that
 * is named with it stands in it. What is elsewhere is named by its address.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { repositoryFiles } from '../support/git.js';

const ROOT = join(__dirname, '..', '..');
/** This file plants citations. */
const SELF = 'test/architecture/citations.test.ts';
const TEXT = /\.(ts|tsx|mts|cts|js|cjs|mjs|md|ya?ml|go|sh|html|css)$|(^|\/)Dockerfile[^/]*$/;
const PAGE = /[\w./-]*[\w-]\.md\b/g;

const files = repositoryFiles();
const pages = new Set(files.filter((path) => path.endsWith('.md')));

/** The page that is meant: from the folder of the file that names it, or from the root; a script that writes one joins `docs` and its name. */
function pageOf(from: string, name: string): string | null {
  const places = [posix.join(posix.dirname(from), name), posix.normalize(name)];
  if (/\.(ts|mjs)$/.test(from) && !name.includes('/')) places.push(`docs/${name}`);
  return places.find((place) => pages.has(place)) ?? null;
}

/** Headings and bold beginnings of paragraphs. */
const headingsIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/^#+ (.+)$|^\*\*(.+?)\.?\*\*/gm)].map(([, heading, bold]) => (heading ?? bold)!.trim()));

/** What a text cites and is not there: pages, and headings as in `docs/decisions.md, "Parking"`. Addresses are left out. */
function missingIn(from: string, text: string): string[] {
  // A comment goes on in its next line.
  const plain = text.replace(/\n[ \t]*(\*|\/\/|#)[ \t]/g, ' ').replace(/https?:\/\/[^\s)>`'"]+/g, '');
  return [...plain.matchAll(PAGE)].flatMap((match) => {
    const page = pageOf(from, match[0]);
    if (!page) return [`${from}: ${match[0]}`];
    const named = /^`?, "([^"\n]+)"(?: and "([^"\n]+)")?/.exec(plain.slice(match.index + match[0].length));
    const headings = headingsIn(readFileSync(join(ROOT, page), 'utf8'));
    return (named?.slice(1) ?? [])
      .filter((heading) => heading && !headings.has(heading))
      .map((heading) => `${from}: ${page} has no "${heading}"`);
  });
}

test('each page that is named is there, with the heading that is named', () => {
  const missing = files
    .filter((path) => TEXT.test(path) && path !== SELF && existsSync(join(ROOT, path)))
    .flatMap((path) => missingIn(path, readFileSync(join(ROOT, path), 'utf8')));
  expect(missing).toEqual([]);
});

test('a planted one is seen; addresses, neighbours and headings are understood', () => {
  const from = 'libs/connectors/zendesk/actions/x.ts';
  expect(missingIn(from, '/** Why: see no-such-page.md, section 3. */')).toEqual([`${from}: no-such-page.md`]);
  expect(missingIn(from, '/**\n * See docs/decisions.md,\n * "No such heading". */')).toEqual([
    `${from}: docs/decisions.md has no "No such heading"`,
  ]);
  expect(missingIn(from, '// ../README.md, "OAuth" and "Data"; docs/decisions.md, "Parking"; ARCHITECTURE.md')).toEqual(
    [],
  );
  expect(missingIn(from, '// https://example.com/design.md')).toEqual([]);
  expect(missingIn('docs/proof.md', '[growth](bench.md)')).toEqual([]);
});
