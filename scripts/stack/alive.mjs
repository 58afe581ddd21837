import { execFileSync } from 'node:child_process';

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The command line of a process, '' when it is gone or a zombie. A number alone may belong to somebody else by now. */
export function commandOf(pid) {
  try {
    const line = execFileSync('ps', ['-ww', '-p', String(pid), '-o', 'stat=,command='], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return line.startsWith('Z') ? '' : line.replace(/^\S+\s+/, '');
  } catch {
    return '';
  }
}

/** Whether the process lives and is a Node program: after a reboot a remembered number belongs to anybody. */
export const isLiveNode = (pid) => isAlive(pid) && /\bnode\b/.test(commandOf(pid));
