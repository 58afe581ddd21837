import fs from 'node:fs';
import { ClearError } from './clear-error.mjs';

const onWindows = process.platform === 'win32';

/** Makes a folder that no other user of the machine can enter, also where an earlier build or a person made it open. */
export function privateFolder(folder) {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (onWindows) return folder;
  const { uid, mode } = fs.lstatSync(folder);
  if (uid !== process.getuid()) throw new ClearError(`${folder} belongs to another user. Choose another folder.`);
  if (mode & 0o077) fs.chmodSync(folder, 0o700);
  return folder;
}
