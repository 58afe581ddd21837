import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildWithGo } from './build-with-go.mjs';
import { cachedProgram } from './cache-folder.mjs';
import { ClearError } from './clear-error.mjs';
import { findOnPath, outputOf } from './find-on-path.mjs';
import { withLockFile } from './lock-file.mjs';
import { obtainProgram } from './obtain-program.mjs';

const VERSION = '1.8.2';
const LEAST = [1, 5];
const moduleFolder = fileURLToPath(new URL('./temporal', import.meta.url));

/**
 * The `temporal` program: `{ file, cliVersion, serverVersion, way }`. (`TEMPORAL_ADDRESS` comes first, in
 * start-temporal.mjs: then no program is needed.)
 *
 * There is no way "official release archive": we do not know a checksum that we could pin, and an unchecked download is
 * not something to run on somebody's machine.
 */
export function obtainTemporal({ note = () => {} } = {}) {
  return obtainProgram('The Temporal server', [
    { way: '`temporal` on PATH', cure: `Install the Temporal CLI ${LEAST.join('.')} or later`, find: onPath },
    {
      way: 'our cache',
      cure: 'It is filled by the next way',
      find: () => describe(cachedProgram('temporal', VERSION)),
    },
    {
      way: 'built by Go',
      cure: 'Install Go 1.26 or later and let it reach its module proxy, or set TEMPORAL_ADDRESS to a server that runs',
      find: () => build(note),
    },
  ]);
}

async function onPath() {
  const file = findOnPath('temporal');
  if (!file) throw new ClearError('not there');
  const found = await describe(file);
  const [major, minor] = found.cliVersion.split('.').map(Number);
  if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return found;
  throw new ClearError(`${file} is version ${found.cliVersion}`);
}

async function describe(file) {
  if (!fs.existsSync(file)) throw new ClearError('not there');
  const text = await outputOf(file, ['--version']);
  const cliVersion = /version (\d[\w.-]*)/.exec(text)?.[1];
  const serverVersion = /Server (\d[\w.-]*)/.exec(text)?.[1];
  if (!cliVersion || !serverVersion) throw new ClearError(`${file} does not tell its version`);
  return { file, cliVersion, serverVersion };
}

async function build(note) {
  const out = cachedProgram('temporal', VERSION);
  const waiting = (pid) => note(`process ${pid} is building it`);
  await withLockFile(
    `${out}.lock`,
    async () => {
      if (fs.existsSync(out)) return; // somebody else built it while we waited
      const ldflags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${VERSION}`;
      await buildWithGo({ moduleFolder, target: 'github.com/temporalio/cli/cmd/temporal', ldflags, out, note });
    },
    waiting,
  );
  return describe(out);
}
