/** The processor time of another process, from outside. */
import { readFileSync } from 'node:fs';

/** A tick of /proc is 10 ms on every Linux (USER_HZ, proc(5)). */
const TICK_MS = 10;

/** Milliseconds of processor time that a process has used so far, all threads together; null where there is no /proc, or no such process. */
export function processorTimeOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, and may hold anything. utime and stime are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return Number.isFinite(ticks) ? ticks * TICK_MS : null;
  } catch {
    return null;
  }
}
