import { execFileSync } from 'node:child_process';
import path from 'node:path';

/**
 * The test files that Jest would run with these arguments, from the root. A test's name tells what it needs: only `*.int.test.ts` need the
 * servers and the build.
 */
export function selectTests(root, jestArguments) {
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const listed = execFileSync(process.execPath, [jest, '--listTests', ...jestArguments], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed.split('\n').flatMap((line) => (line ? [path.relative(root, line)] : []));
}
