import fs from 'node:fs';
import path from 'node:path';
import { ClearError } from './clear-error.mjs';
import { ownerOf, tryLock } from './lock-file.mjs';
import { sweepLeftovers } from './owned-process.mjs';
import { privateFolder } from './private-folder.mjs';

/** One launcher per data folder. What a killed launcher left running is ended first. */
export async function claimDataFolder(dataDir, log) {
  const runFolder = path.join(dataDir, 'run');
  privateFolder(dataDir);
  privateFolder(runFolder);
  const lock = path.join(runFolder, 'launcher.lock');
  if (!tryLock(lock)) {
    throw new ClearError(
      `Hawser runs already on ${dataDir} (process ${ownerOf(lock)}). Stop it with Ctrl-C there, or set HAWSER_DATA to another folder.`,
    );
  }
  process.once('exit', () => fs.rmSync(lock, { force: true }));
  const ended = await sweepLeftovers(runFolder);
  if (ended.length) log(`  ·  ended what an earlier, killed start had left: ${ended.join(', ')}`);
}
