import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ClearError } from './clear-error.mjs';
import { privateFolder } from './private-folder.mjs';

/** The kernel's limit is 108 bytes on Linux and 104 on macOS, with the closing zero (unix(7)). */
const LONGEST = 100;

/**
 * Where a server of ours listens, so that no other user of the machine reaches it: `<dataDir>/run/<name>.sock`, or in a short folder of the
 * temporary one where that path is too long. The same for every process that is given the same data folder.
 */
export function socketPath(dataDir, name) {
  const own = path.join(dataDir, 'run', `${name}.sock`);
  if (Buffer.byteLength(own) <= LONGEST) {
    privateFolder(path.dirname(own));
    return own;
  }
  const key = createHash('sha256').update(path.resolve(dataDir)).digest('hex').slice(0, 12);
  const folder = path.join(os.tmpdir(), `hawser-${process.getuid?.() ?? 0}-${key}`);
  // Anybody may write to the temporary folder: one that was put there by another user, or is a link, is not taken.
  if (fs.lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new ClearError(
      `${folder} is a link that somebody has put there. Remove it, or choose a shorter HAWSER_DATA.`,
    );
  privateFolder(folder);
  const short = path.join(folder, `${name}.sock`);
  if (Buffer.byteLength(short) > LONGEST)
    throw new ClearError(`${short} is too long for a socket. Set TMPDIR or HAWSER_DATA to a shorter path.`);
  return short;
}

/** The address of the embedded store behind such a socket. */
export const mongoUriOf = (socket, database) =>
  `mongodb://${encodeURIComponent(socket)}/${database}?directConnection=true`;
