/**
 * What earlier renewals from the version in force have left behind: requests whose answers nobody knows, and versions under which an
 * answer may still be stored. Each try adds its own end to what the state knows already, so that the work of a try does not grow with
 * the failures before it: renewals may fail for weeks.
 */
import type { Looked } from '#workflows/connection/looked.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import type { ConnectionRef } from '#domain/connection-ref.js';
import type { CredentialVault, Intent } from '../../vault/credential-vault.js';

/** Versions whose answers are waited for by number; of more, the newest. A late answer that is forgotten announces itself by a signal. */
const OPEN_MAX = 20;

export interface EarlierTries {
  /** Earlier requests with the same refresh token whose answers nobody knows, the oldest first. */
  unknown: Intent[];
  looked: Looked;
}

/** Reads the intents of the tries since the last look, and of those that were open then. */
export async function earlierTries(
  vault: CredentialVault,
  ref: ConnectionRef,
  state: ConnectionState,
  version: number,
): Promise<EarlierTries> {
  const base = state.credential?.version ?? 0;
  const known = knownTries(state);
  const unknown: Intent[] = known.lostAt === undefined ? [] : [lostBefore(base, known.lostAt)];
  const open: number[] = [];
  for (const tried of [...known.open, ...range(known.through + 1, version)]) {
    const intents = await vault.intents(ref, tried);
    if (intents.some(({ outcome }) => outcome === 'open')) open.push(tried);
    unknown.push(...intents.filter(({ outcome, fromVersion }) => fromVersion === base && isUnknown(outcome)));
  }
  await forget(vault, ref, state, known).catch(() => undefined);
  const lost = unknown.filter(({ outcome }) => outcome === 'lost').map(({ createdAt }) => createdAt);
  return {
    unknown: unknown.sort((a, b) => a.createdAt - b.createdAt),
    looked: {
      base,
      through: Math.max(version, known.through),
      open: open.slice(-OPEN_MAX),
      ...(lost.length > 0 && { lostAt: Math.min(...lost) }),
    },
  };
}

/** What the state knows of the tries from the version in force; without a credential: of the last one that was in force. */
export function knownTries({ credential, refresh }: ConnectionState): Looked {
  const { looked } = refresh;
  if (looked !== undefined && (credential === null || looked.base === credential.version)) return looked;
  const base = credential?.version ?? 0;
  return { base, through: base, open: [] };
}

/** With the end of the try that runs: its answer was lost, or nobody could note how it ended. */
export function withEnd(looked: Looked, version: number, end: { lostAt: number } | 'open'): Looked {
  if (end === 'open') return { ...looked, open: [...looked.open.filter((open) => open !== version), version] };
  return { ...looked, lostAt: Math.min(looked.lostAt ?? end.lostAt, end.lostAt) };
}

/** Intents of the last settled try: what they said stands in the state, which Temporal keeps. */
async function forget(
  vault: CredentialVault,
  ref: ConnectionRef,
  state: ConnectionState,
  known: Looked,
): Promise<void> {
  const { through, open, base } = known;
  if (state.refresh.looked === known && through > base && !open.includes(through))
    await vault.forgetIntents(ref, through);
}

const isUnknown = (outcome: Intent['outcome']): boolean => outcome === 'open' || outcome === 'lost';

const lostBefore = (fromVersion: number, at: number): Intent => ({
  version: fromVersion,
  tryNumber: 0,
  fromVersion,
  sendBefore: at,
  createdAt: at,
  outcome: 'lost',
});

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
