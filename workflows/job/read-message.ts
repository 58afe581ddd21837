/**
 * What the signals of a job hold, whatever was sent: people send signals by hand in the Temporal Web UI, and a handler that throws
 * stalls the job for good. What does not fit in type, form or length is no message.
 */
import { isId } from '#domain/ids.js';
import { readId, readWord } from '../read-field.js';

/** The binding and the connection to wait for from now on; null = it says neither. */
export function readRebind(input: unknown): { binding: string; connectionId: string } | null {
  const binding = readWord(input, 'binding');
  const connectionId = readId(input, 'connectionId');
  return binding !== null && connectionId !== null && isId('connection', connectionId)
    ? { binding, connectionId }
    : null;
}

/** The connection that has recovered. */
export const readWake = (input: unknown): string | null => readId(input, 'connectionId');

/** The job that has ended. */
export const readPredecessorDone = (input: unknown): string | null => readId(input, 'jobId');
