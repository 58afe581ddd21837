import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { withLockFile } from './lock-file.mjs';
import { runCommand } from './run-command.mjs';

/** Installs the packages when they are absent or the lock file has changed since. Two starts at once install once. */
export async function installPackages({ root, logFile, note = () => {} }) {
  if (isInstalled(root)) return note('already there');
  fs.mkdirSync(path.join(root, '.cache'), { recursive: true });
  const lock = path.join(root, '.cache', 'install.lock');
  await withLockFile(
    lock,
    async () => {
      if (isInstalled(root)) return;
      note('npm install');
      await runCommand('npm', ['install', '--no-audit', '--no-fund'], {
        cwd: root,
        logFile,
        failure: 'npm install failed',
      });
      fs.writeFileSync(stampOf(root), hashOfLock(root));
    },
    (pid) => note(`process ${pid} is installing`),
  );
}

function isInstalled(root) {
  const stamp = stampOf(root);
  if (fs.existsSync(stamp)) return fs.readFileSync(stamp, 'utf8') === hashOfLock(root);
  // Installed by hand: npm's own record must not be older than the lock file.
  const record = path.join(root, 'node_modules', '.package-lock.json');
  return (
    fs.existsSync(record) &&
    fs.statSync(record).mtimeMs >= fs.statSync(path.join(root, 'package-lock.json')).mtimeMs - 2000
  );
}

const stampOf = (root) => path.join(root, 'node_modules', '.hawser-lock-hash');
const hashOfLock = (root) =>
  createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
