/** House style that a machine can check. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFiles } from '../support/git.js';

const ROOT = join(__dirname, '..', '..');
const LINES_MAX = 400;
const TEXT =
  /\.(ts|tsx|mts|cts|js|cjs|mjs|json|md|ya?ml|go|mod|sh|html|css)$|(^|\/)(Dockerfile|\.npmrc|\.gitignore)[^/]*$/;
const CODE = /\.(ts|tsx|mts|js|cjs|mjs|go)$/;

const files = repositoryFiles();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const code = files.filter((path) => CODE.test(path));
/** This file names what it forbids. */
const others = files.filter((path) => path !== 'test/architecture/style.test.ts');
const texts = others.filter((path) => TEXT.test(path));

/** Lines of files that match, as `path:line: text`. */
const matches = (paths: string[], pattern: RegExp): string[] =>
  paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );

test('there is something to look at', () => {
  expect(code.length).toBeGreaterThan(100);
});

test(`no source file is over ${LINES_MAX} lines`, () => {
  expect(
    code.map((path) => [path, read(path).split('\n').length - 1] as const).filter(([, lines]) => lines > LINES_MAX),
  ).toEqual([]);
});

test('no folder is named for nothing in particular', () => {
  expect(files.filter((path) => /(^|\/)(utils?|commons?|helpers?|shared|misc|lib)\//.test(path))).toEqual([]);
  expect(code.filter((path) => /(^|\/)(utils?|commons?|helpers?|misc)\.[a-z]+$/.test(path))).toEqual([]);
});

test('no barrel inside a lib: the only index.ts is the list of workflows, which Temporal wants', () => {
  expect(code.filter((path) => /(^|\/)index\.ts$/.test(path) && path !== 'workflows/index.ts')).toEqual([]);
});

test('files are named in kebab-case', () => {
  expect(
    code.filter(
      (path) =>
        !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/.test(
          path.split('/').at(-1)!.replace(/^\./, '').replace('_test.go', '.go'),
        ),
    ),
  ).toEqual([]);
});

test('named exports only', () => {
  expect(
    matches(
      code.filter((path) => /^(apps|libs|workflows)\/.*\.ts$/.test(path)),
      /^export default /,
    ),
  ).toEqual([]);
});

test('no test is skipped or run alone', () => {
  expect(
    matches(
      others.filter((path) => /\.test\.ts$/.test(path)),
      /\b(test|it|describe)(\.each)?\.(only|skip|todo|failing)\b|\b(fit|xit|xtest|fdescribe|xdescribe)\(/,
    ),
  ).toEqual([]);
});

test('no package registry is named: a mirror must work as well', () => {
  expect(matches(texts, /registry\.(npmjs|yarnpkg)\.|proxy\.golang\.org|pypi\.org|registry-1\.docker\.io/)).toEqual([]);
});

test('no path of a machine', () => {
  expect(matches(texts, /(^|["'`\s(=:])(\/home\/[a-z]|\/Users\/[A-Za-z]|\/root\/|\/work\/|[A-Z]:\\Users\\)/)).toEqual(
    [],
  );
});

test('a duration that is a text has one form: number, blank, unit', () => {
  expect(
    matches(
      others.filter((path) => /\.ts$/.test(path)),
      /'\d+ ?(min|sec|hrs?|msecs?|secs?|mins?)'|: '\d+(ms|s|m|h|d)'|= '\d+(ms|s|m|h|d)'/,
    ),
  ).toEqual([]);
});

test('every suppression and TODO has its reason', () => {
  expect(
    matches(
      code.filter((path) => path !== 'test/architecture/style.test.ts'),
      /@ts-(ignore|nocheck|expect-error)\s*$|(oxlint|eslint)-disable(?!.* -- \w)|\bTODO\b(?!.*\w{3,}.*\w{3,})/,
    ),
  ).toEqual([]);
});
