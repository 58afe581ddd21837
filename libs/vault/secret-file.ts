/** Files that hold keys: 0600, created whole or not at all, never overwritten by accident. */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Text of the file, or null when there is none. Refuses a file that other users can read. */
export function readSecretFile(path: string): string | null {
  const text = readTextFile(path);
  if (text !== null && process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new Error(`${path} can be read by other users. Run: chmod 600 ${path}`);
  }
  return text;
}

/** Text of a file that is no secret, or null when there is none. */
export function readTextFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, {
      cause: error,
    });
  }
}

/** Changes whenever the file was replaced; '' when there is none. Costs one `stat`. */
export function fileStamp(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs}/${found.ino}/${found.size}` : '';
}

/**
 * Takes a lock by creating its file; the answer gives it back.
 * @throws Error when somebody else has it.
 */
export function takeFileLock(path: string): () => void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Error(`Another rotation is under way. If none is, remove ${path}.`, { cause: error });
  }
  return () => rmSync(path, { force: true });
}

/**
 * Creates the file with its whole content, or leaves an existing one alone: two processes that start together agree on one.
 * @returns Whether this call created it.
 */
export function createFileOnce(path: string, text: string, mode: number): boolean {
  const temporary = writeBeside(path, text, mode);
  try {
    // A hard link fails when the name exists, and never shows a half-written file.
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Replaces the file in one step. For rotation only, whose new content holds every old key. */
export function replaceFile(path: string, text: string, mode: number): void {
  renameSync(writeBeside(path, text, mode), path);
}

function writeBeside(path: string, text: string, mode: number): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  const file = openSync(temporary, 'wx', mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  // The umask may have taken bits away; it can never have added any.
  chmodSync(temporary, mode);
  return temporary;
}
