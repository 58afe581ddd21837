import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Programs are kept per user, not per clone, so that a second clone does not build them again. */
export function cacheFolder() {
  const folder = process.env.HAWSER_CACHE ?? path.join(os.homedir(), '.cache', 'hawser');
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

export const cachedProgram = (name, version) =>
  path.join(cacheFolder(), `${name}-${version}-${process.platform}-${process.arch}`);
