/**
 * What happens to a connection, for the event log. The actor numbers it (a dense count in its state); the activity that did the work
 * or announces it writes it. What could not be written stays in the state for the next announcement.
 */
import type { Happening, HappeningKind } from '#domain/happening.js';
import type { Sender } from '#domain/lease.js';
import type { ConnectionEvent } from './events.js';
import type { Announcement, ConnectionState } from './state.js';

/** Happenings that wait to be written; beyond, the oldest are given up. */
const UNTOLD_MOST = 20;
/** Of a grant with many rights the log names the first. */
const REQUIREMENTS_NAMED = 20;

type Facts = Record<string, string | number | boolean>;

/** Gives what a transition brought its numbers: first its work, then what is to be announced. */
export function numbered(before: ConnectionState, after: ConnectionState, event: ConnectionEvent): ConnectionState {
  const works = isWork(before, after, event);
  // After a reset the state that the store knows comes with announcements that have their numbers.
  const fresh = after.announcements.filter(
    ({ sequence, happening }) => sequence > before.announcementCount && happening === undefined,
  );
  if (!works && fresh.length === 0) return after;
  let count = (after.happenings ?? 0) + (works ? 1 : 0);
  const who = 'by' in event ? event.by : 'system';
  const announcements = after.announcements.map((entry) =>
    fresh.includes(entry) ? { ...entry, happening: (count += 1), who } : entry,
  );
  return { ...after, happenings: count, announcements };
}

/** Keeps what could not be written, and drops what has been. */
export function kept(before: ConnectionState, after: ConnectionState, event: ConnectionEvent): ConnectionState {
  if (event.type === 'announced') {
    const { toldThrough } = event;
    const announced = before.announcements.find(({ sequence }) => sequence === event.sequence);
    const happening = announced && happeningOf(before, announced);
    if (toldThrough === null) return happening ? withUntold(after, [...(before.untold ?? []), happening]) : after;
    if (toldThrough === undefined || before.untold === undefined) return after;
    return withUntold(
      after,
      before.untold.filter(({ sequence }) => sequence > toldThrough),
    );
  }
  const isUntold = (event.type === 'refreshed' || event.type === 'verified') && event.outcome.untold;
  const happening = isUntold ? happeningOfWork(before, after, event) : null;
  return happening ? withUntold(after, [...(after.untold ?? []), happening]) : after;
}

function withUntold(state: ConnectionState, untold: Happening[]): ConnectionState {
  const { untold: _, ...rest } = state;
  return untold.length === 0 ? rest : { ...rest, untold: untold.slice(-UNTOLD_MOST) };
}

/** What an activity's own work brought; null = nothing that is told. `after` = the state behind the transition. */
export function happeningOfWork(
  before: ConnectionState,
  after: ConnectionState,
  event: ConnectionEvent,
): Happening | null {
  if (!isWork(before, after, event)) return null;
  const sequence = (before.happenings ?? 0) + 1;
  const told = (kind: HappeningKind, at: number, who: Sender, code: string | null, facts: Facts): Happening => ({
    ...identityOf(after),
    sequence,
    kind,
    at,
    code,
    who,
    facts,
  });
  if (event.type === 'refreshed' && event.outcome.kind === 'renewed') {
    const { wish } = before.refresh;
    const because =
      wish === null ? 'due' : wish.rejectedVersion > 0 ? 'rejected' : wish.by === 'person' ? 'asked' : 'due';
    const facts = { version: event.outcome.facts.version, from: before.credential?.version ?? 0, because };
    return told('connection.renewed', event.outcome.at, wish?.by ?? 'system', null, facts);
  }
  if (event.type === 'verified' && after.proof !== null) {
    const { count, accepted, version, missing, code } = after.proof;
    const facts = { proof: count, accepted, credential: version, missing: missing.length };
    return told('connection.verified', event.outcome.at, before.verify.underWay?.by ?? 'system', code ?? null, facts);
  }
  return null;
}

/** What an announcement tells; null in announcements of older builds, which have no number. */
export function happeningOf(state: ConnectionState, announcement: Announcement): Happening | null {
  const { happening: sequence, who, at } = announcement;
  if (sequence === undefined) return null;
  return { ...identityOf(state), sequence, at, who: who ?? 'system', ...contentOf(announcement) };
}

function contentOf(announcement: Announcement): Pick<Happening, 'kind' | 'code' | 'facts'> {
  const { from, to, code, wakeRequirements, closeAttempts } = announcement;
  switch (announcement.kind) {
    case 'status':
      return { kind: kindOfStatus(announcement), code, facts: { from, to } };
    case 'rights':
      return {
        kind: 'connection.rights',
        code: null,
        facts: {
          count: wakeRequirements.length,
          requirements: wakeRequirements.slice(0, REQUIREMENTS_NAMED).join(' '),
        },
      };
    case 'settings':
      return { kind: 'connection.changed', code: null, facts: {} };
    case 'attempt': {
      const [end] = closeAttempts;
      const kind = end?.outcome === 'in_force' ? 'connection.authorized' : kindOfEnd(end?.outcome);
      return { kind, code: end?.code ?? null, facts: end ? { attempt: end.attemptId } : {} };
    }
  }
}

const kindOfEnd = (outcome: string | undefined): HappeningKind =>
  outcome === 'candidate' ? 'connection.candidate' : 'connection.authorization_failed';

function kindOfStatus({ from, to }: Announcement): HappeningKind {
  switch (to) {
    case 'connected':
      return from === 'degraded' || from === 'invalid' ? 'connection.healed' : 'connection.connected';
    case 'invalid':
      return 'connection.lost';
    case 'degraded':
      return 'connection.degraded';
    case 'disconnected':
      return 'connection.disconnected';
    case 'deleted':
      return 'connection.deleted';
    case 'draft':
      return 'connection.changed';
  }
}

/** A renewal that came into force, or a proof that was counted. */
function isWork(before: ConnectionState, after: ConnectionState, event: ConnectionEvent): boolean {
  if (event.type === 'verified') return after.proofCount !== before.proofCount;
  return (
    event.type === 'refreshed' &&
    event.outcome.kind === 'renewed' &&
    after.credential?.version !== before.credential?.version
  );
}

const identityOf = ({ workspaceId, connectionId, generation, revision }: ConnectionState) => ({
  workspaceId,
  subject: connectionId,
  generation,
  revision,
});
