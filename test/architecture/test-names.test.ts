/** A test's name tells its cost: `x.test.ts` is pure, `x.int.test.ts` opens sockets, starts processes, or needs Temporal, MongoDB or the build. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryFiles } from '../support/git.js';

const ROOT = join(__dirname, '..', '..');
const COSTLY =
  /'node:(child_process|net|http|https|http2|tls|dgram|cluster)'|\.listen\(|HAWSER_TEST_[A-Z]+|\bstartEmulators\(|'dist',|\bWorker\.create\(/;
/** This file names what it looks for; git may be asked by a pure test. */
const ALLOWED = ['test/architecture/test-names.test.ts', 'test/support/git.ts'];

const isTestSide = (path: string): boolean => /^test\/|\/testing\/|\.test\.ts$/.test(path);

/** What a test file does that costs, itself or in what it imports of the tests' side. */
function costs(path: string, seen = new Set<string>()): string[] {
  if (seen.has(path) || ALLOWED.includes(path) || !existsSync(join(ROOT, path))) return [];
  seen.add(path);
  const text = readFileSync(join(ROOT, path), 'utf8');
  const own = COSTLY.exec(text)?.[0];
  const imports = [...text.matchAll(/^(?:import|export) (?!type)[^;]*? from '(\.[^']+)'/gm)].map(([, to]) =>
    join(dirname(path), to!).replace(/\.js$/, '.ts'),
  );
  return [...(own ? [`${path}: ${own}`] : []), ...imports.filter(isTestSide).flatMap((to) => costs(to, seen))];
}

const tests = repositoryFiles().filter((path) => path.endsWith('.test.ts'));
const pure = tests.filter((path) => !path.endsWith('.int.test.ts'));

test('a pure test opens nothing and starts nothing', () => {
  expect(pure.length).toBeGreaterThan(80);
  expect(Object.fromEntries(pure.map((path) => [path, costs(path)]).filter(([, found]) => found!.length > 0))).toEqual(
    {},
  );
});

test('the check sees something', () => {
  expect(costs('test/e2e/as-02-connect-and-run.int.test.ts')).not.toEqual([]);
  expect(costs('libs/http/create-http.int.test.ts')).not.toEqual([]);
});
