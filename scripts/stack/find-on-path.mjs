import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export function findOnPath(program) {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, program);
    try {
      fs.accessSync(file, fs.constants.X_OK);
      if (folder && fs.statSync(file).isFile()) return file;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/** What the program prints for these arguments, '' when it cannot be run. */
export function outputOf(file, args) {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: 15_000 }, (error, stdout) => resolve(error ? '' : stdout));
  });
}
