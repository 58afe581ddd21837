import fs from 'node:fs';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ClearError } from './clear-error.mjs';
import { download } from './download.mjs';
import { withLockFile } from './lock-file.mjs';

const run = promisify(execFile);

/**
 * Downloads a release and puts its program at `out`. Atomic, and done once by two starts that want it together. Only an archive whose
 * sha256 is the one of releases.mjs is unpacked, and `isSound(file)` must say yes to what came out of it.
 */
export async function obtainRelease(release, { out, note, isSound, ...limits }) {
  if (!release) throw new ClearError('there is no build whose checksum we know for this platform');
  await withLockFile(
    `${out}.lock`,
    async () => {
      if (fs.existsSync(out)) return; // somebody else fetched it while we waited
      const aside = fs.mkdtempSync(`${out}.tmp-`);
      try {
        const archive = path.join(aside, 'archive.tgz');
        await download({ ...release, out: archive, note, ...limits });
        note('unpacking');
        const program = await unpack(archive, aside, release.program);
        if (!(await isSound(program))) throw new ClearError('the program in it does not run on this machine');
        fs.renameSync(program, out);
      } finally {
        fs.rmSync(aside, { recursive: true, force: true });
      }
    },
    (pid) => note(`process ${pid} is downloading it`),
  );
}

async function unpack(archive, folder, name) {
  const content = path.join(folder, 'content');
  fs.mkdirSync(content);
  try {
    await run('tar', ['-xzf', archive, '-C', content]);
  } catch (error) {
    throw new ClearError(
      error.code === 'ENOENT'
        ? 'no `tar` on PATH to unpack it'
        : `it cannot be unpacked: ${String(error.stderr ?? error.message)
            .trim()
            .split('\n')
            .at(-1)}`,
    );
  }
  const found = fs.readdirSync(content, { recursive: true }).find((one) => path.basename(String(one)) === name);
  const program = found && path.join(content, String(found));
  if (!program || !fs.lstatSync(program).isFile()) throw new ClearError(`there is no ${name} in it`);
  fs.chmodSync(program, 0o755);
  return program;
}
