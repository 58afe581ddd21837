/**
 * Reading changes by their stamp, so that none is lost and none repeated (docs/decisions.md, "Polls and jobs"). Pure.
 *
 * An app stamps a change when it is made and shows it when it is committed: up to the *overlap* later. So what was read is split:
 * - **firm**: stamps older than the overlap at the moment of reading. Nothing can appear there any more: a position (stamp, id) suffices;
 * - **fresh**: younger stamps. A row may still appear between two that were read: each one read is remembered in `seen`.
 * Every poll reads again from the position on and skips what was seen. Rows younger than the *settle time* are left for the next poll.
 */

export interface ChangeCursor {
  /** Position: rows of this stamp with a greater id, and rows of later stamps, are still to be read. Empty id: rows of this stamp too. */
  stamp: string;
  id: string;
  /** `<id> <stamp>` of rows that were read beyond the position. */
  seen: string[];
}

export interface ChangeRow {
  id: string;
  /** ISO 8601 in UTC with milliseconds: compares as text. */
  stamp: string;
}

/** The app's clock at the moment of reading, by its own word (epoch ms), less the time that the reading took. */
export interface ReadingClock {
  appNowMs: number;
  settleMs: number;
  overlapMs: number;
  /**
   * Long transactions show their changes minutes after the stamp: so far back is read again as long as no more than `MOST_SEEN` rows must be
   * remembered for it. Absent: no further than `overlapMs`.
   */
  longOverlapMs?: number;
}

/** Rows that are remembered beyond `overlapMs` at most: each costs about 45 characters of the cursor. */
export const MOST_SEEN = 500;

export interface ChangePage<Row> {
  rows: Row[];
  cursor: ChangeCursor;
  /** There is more to read at once. */
  more: boolean;
}

/** How many rows must be asked for, so that `limit` new ones (and one more, to know whether there are) are surely among them. */
export const rowsToAsk = (cursor: ChangeCursor, limit: number): number => cursor.seen.length + limit + 1;

/** A position before everything from a moment on. */
export const cursorFrom = (ms: number): ChangeCursor => ({ stamp: new Date(ms).toISOString(), id: '', seen: [] });

export const formatCursor = (cursor: ChangeCursor): string => JSON.stringify(cursor);

/** Reads a cursor's text; null when it is none of ours. */
export function parseCursor(text: string): ChangeCursor | null {
  try {
    const value = JSON.parse(text) as Partial<ChangeCursor> | null;
    const whole = typeof value?.stamp === 'string' && typeof value.id === 'string' && Array.isArray(value.seen);
    return whole ? (value as ChangeCursor) : null;
  } catch {
    return null;
  }
}

/**
 * Picks at most `limit` new rows and moves the cursor behind them. `rows`: what the app showed from the position on, ordered by
 * stamp, then by id in the app's own order; either all there are, or at least the first `rowsToAsk`.
 */
export function advanceCursor<Row extends ChangeRow>(
  cursor: ChangeCursor,
  rows: Row[],
  clock: ReadingClock,
  limit: number,
): ChangePage<Row> {
  const { appNowMs, overlapMs, longOverlapMs = overlapMs } = clock;
  const page = advanceBehind(cursor, rows, clock, limit, appNowMs - longOverlapMs);
  const surplus = page.cursor.seen.length - MOST_SEEN;
  if (surplus <= 0 || longOverlapMs <= overlapMs) return page;
  // Too many to remember: the oldest of them become firm, though never any within the overlap itself.
  const oldest = page.cursor.seen.map(stampOf).sort()[surplus - 1] ?? '';
  return advanceBehind(cursor, rows, clock, limit, Math.min(Date.parse(oldest), appNowMs - overlapMs));
}

function advanceBehind<Row extends ChangeRow>(
  cursor: ChangeCursor,
  rows: Row[],
  clock: ReadingClock,
  limit: number,
  firmMs: number,
): ChangePage<Row> {
  const settled = new Date(clock.appNowMs - clock.settleMs).toISOString();
  const firm = new Date(firmMs).toISOString();
  const seen = new Set(cursor.seen);
  const picked: Row[] = [];
  let position = { stamp: cursor.stamp, id: cursor.id };
  let contiguous = true;
  let more = false;

  for (const row of rows) {
    if (row.stamp > settled) break;
    const key = seenKey(row);
    if (!seen.has(key)) {
      if (picked.length === limit) {
        more = true;
        break;
      }
      picked.push(row);
      seen.add(key);
    }
    contiguous &&= row.stamp <= firm;
    if (contiguous) {
      position = { stamp: row.stamp, id: row.id };
      seen.delete(key);
    }
  }
  // Everything that is firm was read: the position moves up to there, and what was seen below needs no memory (its row has moved on).
  if (!more && firm > position.stamp) position = { stamp: firm, id: '' };
  const kept = [...seen].filter((key) => stampOf(key) >= position.stamp);
  return { rows: picked, cursor: { ...position, seen: kept }, more };
}

const seenKey = (row: ChangeRow): string => `${row.id} ${row.stamp}`;
const stampOf = (key: string): string => key.slice(key.lastIndexOf(' ') + 1);
