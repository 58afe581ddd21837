/** What a crash leaves behind: no core file, and no secret setting in Node's own report. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(__dirname, '..', '..');
const OWNED_PROCESS = pathToFileURL(join(ROOT, 'scripts', 'stack', 'owned-process.mjs')).href;

/** The `ulimit -c` of a process that our scripts start, as it says itself. Jest cannot import the script without a transform. */
function coreLimitOfOwned(): string {
  const program = `import { mkdtempSync, rmSync } from 'node:fs'; import { tmpdir } from 'node:os'; import { join } from 'node:path';
    import { spawnOwned } from ${JSON.stringify(OWNED_PROCESS)};
    const runFolder = mkdtempSync(join(tmpdir(), 'hawser-core-'));
    const child = spawnOwned({ name: 'core', command: '/bin/sh', args: ['-c', 'ulimit -c'], runFolder });
    child.stdout.pipe(process.stdout);
    child.once('close', () => rmSync(runFolder, { recursive: true }));`;
  return execFileSync(
    '/bin/sh',
    ['-c', 'ulimit -c unlimited; exec "$0" "$@"', process.execPath, '--input-type=module', '--eval', program],
    {
      encoding: 'utf8',
    },
  ).trim();
}

test('no process that we start writes a core file, whatever limit the shell has', () => {
  expect(coreLimitOfOwned()).toBe('0');
});

const RUN_COMMAND = readFileSync(join(ROOT, 'libs', 'telemetry', 'run-command.ts'), 'utf8');
const hidesFirst = (name: string, source: string): boolean =>
  new RegExp(`function ${name}\\([^{]*\\{\\s*hideSecretSettings\\(\\);`).test(source);

test('every process of ours hides its secret settings before anything else', () => {
  const entries = ['gateway', 'worker'].flatMap((app) => {
    const folder = join(ROOT, 'apps', app);
    return readdirSync(folder).flatMap((file) => {
      const source = file.endsWith('.ts') && !file.endsWith('.test.ts') ? readFileSync(join(folder, file), 'utf8') : '';
      const begins = /^(?:(?:void )?main\(|runCommand\(main\))/m.test(source);
      const hides = /^runCommand\(main\);$/m.test(source)
        ? hidesFirst('runCommand', RUN_COMMAND)
        : hidesFirst('main', source);
      return begins ? [{ entry: `${app}/${file}`, hides }] : [];
    });
  });
  expect(entries.length).toBeGreaterThanOrEqual(7);
  // It bundles workflows while the project is built: no setting of a running Hawser is there.
  expect(entries.filter(({ hides }) => !hides)).toEqual([{ entry: 'worker/build-bundle.ts', hides: false }]);
});
