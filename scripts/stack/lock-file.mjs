import fs from 'node:fs';
import { isLiveNode } from './alive.mjs';

/**
 * Runs `work` while holding the lock file. Whoever comes second waits; a lock whose owner is dead is taken over.
 * `waiting(pid)` is told who holds it.
 */
export async function withLockFile(file, work, waiting = () => {}) {
  while (!tryLock(file)) {
    waiting(ownerOf(file));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Takes the lock file if it can be had now. `ownerOf` tells who has it otherwise. */
export function tryLock(file) {
  // Written aside and linked: the lock appears with its owner's number in it, never empty.
  const mine = `${file}.${process.pid}`;
  fs.writeFileSync(mine, String(process.pid), { mode: 0o600 });
  try {
    const owner = ownerOf(file);
    if (owner && !isLiveNode(owner)) takeAway(file, owner);
    fs.linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

// Two processes may find the same dead owner: rename is atomic, and only the lock of that dead owner is dropped.
function takeAway(file, owner) {
  const aside = `${file}.stale-${process.pid}`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return;
  }
  if (Number(fs.readFileSync(aside, 'utf8')) !== owner) fs.linkSync(aside, file);
  fs.rmSync(aside, { force: true });
}

export function ownerOf(file) {
  try {
    return Number(fs.readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}
