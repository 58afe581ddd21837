/**
 * What a signal holds, whatever was sent: people send signals by hand in the Temporal Web UI, and a handler that throws stalls the
 * actor for good (the task is repeated for ever). What does not fit is left out.
 */
import type { Actor } from '../../libs/domain/lease.js';

export interface SignalFields {
  by: Actor;
  attemptId?: string;
  expiresAt?: number;
  seenVersion?: number;
  requirements: string[];
  at?: number;
  version?: number;
}

const ACTORS: readonly unknown[] = ['person', 'job', 'system'] satisfies Actor[];

export function readSignal(input: unknown): SignalFields {
  const sent = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>;
  const fields: SignalFields = {
    by: ACTORS.includes(sent['by']) ? (sent['by'] as Actor) : 'person',
    requirements: Array.isArray(sent['requirements'])
      ? sent['requirements'].filter((entry): entry is string => typeof entry === 'string')
      : [],
  };
  if (typeof sent['attemptId'] === 'string' && sent['attemptId'] !== '') fields.attemptId = sent['attemptId'];
  for (const name of ['expiresAt', 'seenVersion', 'at', 'version'] as const) {
    const value = sent[name];
    if (typeof value === 'number' && Number.isFinite(value)) fields[name] = value;
  }
  return fields;
}
