import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildWithGo } from './build-with-go.mjs';
import { cachedProgram } from './cache-folder.mjs';
import { ClearError } from './clear-error.mjs';
import { findOnPath, outputOf } from './find-on-path.mjs';
import { withLockFile } from './lock-file.mjs';
import { obtainProgram } from './obtain-program.mjs';
import { obtainRelease } from './obtain-release.mjs';
import { TEMPORAL_VERSION, temporalRelease } from './releases.mjs';

const VERSION = '1.8.2';
const LEAST = [1, 5];
const moduleFolder = fileURLToPath(new URL('./temporal', import.meta.url));

/**
 * The `temporal` program: `{ file, cliVersion, serverVersion, way }`. (`TEMPORAL_ADDRESS` comes first, in
 * start-temporal.mjs: then no program is needed.)
 * `release` and `limits` are for tests.
 */
export function obtainTemporal({ note = () => {}, release = temporalRelease(), limits = {} } = {}) {
  return obtainProgram('The Temporal server', [
    { way: '`temporal` on PATH', cure: `Install the Temporal CLI ${LEAST.join('.')} or later`, find: onPath },
    { way: 'our cache', cure: 'It is filled by the next ways', find: cached },
    {
      way: 'downloaded',
      cure: 'Let this machine reach github.com, or put `temporal` on PATH',
      find: () => fetched(release, { note, ...limits }),
    },
    {
      way: 'built by Go',
      cure: 'Install Go 1.26 or later and let it reach its module proxy, or set TEMPORAL_ADDRESS to a server that runs',
      find: () => build(note),
    },
  ]);
}

/** Both have the same server, so that they go on with each other's data. */
async function cached() {
  const files = [TEMPORAL_VERSION, VERSION].map((version) => cachedProgram('temporal', version));
  return describe(files.find((file) => fs.existsSync(file)) ?? files[0]);
}

async function fetched(release, options) {
  const out = cachedProgram('temporal', TEMPORAL_VERSION);
  const isSound = async (file) => (await outputOf(file, ['--version'])) !== '';
  await obtainRelease(release, { out, isSound, ...options });
  return describe(out);
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
