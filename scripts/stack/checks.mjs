import fs from 'node:fs';
import path from 'node:path';
import { ClearError } from './clear-error.mjs';

const NEEDED_NODE = [20, 19];

export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > NEEDED_NODE[0] || (major === NEEDED_NODE[0] && minor >= NEEDED_NODE[1])) return;
  throw new ClearError(
    `Hawser needs Node ${NEEDED_NODE.join('.')} or later; this is ${version}. Install a newer one and start again.`,
  );
}

/** Makes the folder if it is absent, and proves that it can be written. */
export function checkDataFolder(folder) {
  try {
    makeFolder(folder);
    const probe = path.join(folder, `.probe-${process.pid}`);
    fs.writeFileSync(probe, 'x');
    fs.rmSync(probe);
  } catch (error) {
    if (error.code === 'ENOSPC') throw fullDisk(folder, 0);
    throw new ClearError(
      `The data folder ${folder} cannot be written (${error.code ?? error.message}). Mend its rights, or choose another by HAWSER_DATA.`,
    );
  }
}

// Not `recursive: true`: where a parent exists and still answers "no such file" (as /proc does), Node 20 loops for
// ever.
function makeFolder(folder) {
  if (fs.existsSync(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  fs.mkdirSync(folder, { mode: 0o700 });
}

/** Both databases stop in ugly ways on a full disk, so start only where there is room. */
export function checkDisk(folder, neededMb) {
  const { bavail, bsize } = fs.statfsSync(folder);
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  if (freeMb < neededMb) throw fullDisk(folder, freeMb, neededMb);
}

function fullDisk(folder, freeMb, neededMb) {
  const need = neededMb ? `, ${neededMb} MB are needed` : '';
  return new ClearError(
    `The disk of ${folder} is full (${freeMb} MB free${need}). Make room, or choose another place by HAWSER_DATA.`,
  );
}

/** A profile of Temporal's own configuration file is read by its SDK, which is not installed yet when the server must be found. */
export function checkTemporalSettings(env = process.env) {
  if (env.TEMPORAL_ADDRESS || !(env.TEMPORAL_CONFIG_FILE || env.TEMPORAL_PROFILE)) return;
  throw new ClearError(
    'TEMPORAL_CONFIG_FILE or TEMPORAL_PROFILE is set and TEMPORAL_ADDRESS is not: `npm start` asks that server before any package is there to read the file. Set TEMPORAL_ADDRESS too, or unset both to use the embedded server.',
  );
}
