/**
 * What a signal holds, whatever was sent: people send signals by hand in the Temporal Web UI, and a handler that throws stalls the
 * actor for good (the task is repeated for ever). What does not fit in type, range or length is left out.
 */
import type { Sender } from '#domain/lease.js';
import { readCount, readId, readMoment, readTexts, readWhole, HIGHEST_COUNT } from '../read-field.js';

export interface SignalFields {
  by: Sender;
  attemptId?: string;
  expiresAt?: number;
  seenVersion?: number;
  requirements: string[];
  at?: number;
  version?: number;
}

export const SENDERS: readonly unknown[] = ['person', 'job', 'system'] satisfies Sender[];
/** Requirement keys name an object and a right. */
export const LONGEST_REQUIREMENT = 300;
/** More than all steps of a recipe need together. */
export const MOST_REQUIREMENTS = 1_000;

export function readSignal(input: unknown): SignalFields {
  const sent = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>;
  const found = {
    attemptId: readId(sent, 'attemptId'),
    expiresAt: readMoment(sent, 'expiresAt'),
    seenVersion: readCount(sent, 'seenVersion'),
    at: readMoment(sent, 'at'),
    // Versions begin with 1: whatever goes through them one by one begins there.
    version: readWhole(sent, 'version', 1, HIGHEST_COUNT),
  };
  const fields = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== null));
  return {
    by: SENDERS.includes(sent['by']) ? (sent['by'] as Sender) : 'person',
    requirements: readTexts(sent, 'requirements', LONGEST_REQUIREMENT, MOST_REQUIREMENTS),
    ...fields,
  };
}

/** As builds before `MESSAGES_ARE_CHECKED` read it: their runs' histories say what was made of it. */
export function readSignalAsBefore(input: unknown): SignalFields {
  const sent = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>;
  const fields: SignalFields = {
    by: SENDERS.includes(sent['by']) ? (sent['by'] as Sender) : 'person',
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

/** Whether both readings say the same. */
export const sameFields = (one: SignalFields, other: SignalFields): boolean =>
  one.by === other.by &&
  (['attemptId', 'expiresAt', 'seenVersion', 'at', 'version'] as const).every((name) => one[name] === other[name]) &&
  one.requirements.length === other.requirements.length &&
  one.requirements.every((entry, index) => entry === other.requirements[index]);
