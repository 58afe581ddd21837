/**
 * Accounts that were created or changed, by SystemModstamp (../README.md, "Data": indexed, and it moves with system changes too).
 * How nothing is lost or repeated: connector-sdk/change-cursor.ts.
 */
import { z } from 'zod';
import {
  advanceCursor,
  cursorFrom,
  formatCursor,
  parseCursor,
  rowsToAsk,
  type ChangeCursor,
  type ChangeRow,
  type ReadingClock,
} from '#connector-sdk/change-cursor.js';
import type { AppContext, AppResponse, MissingField, Trigger } from '#connector-sdk/connector.js';
import { readByParts } from '#connector-sdk/read-by-parts.js';
import { readInput } from '#connector-sdk/read-input.js';
import { HawserError } from '#domain/errors.js';
import type { TriggerEvent } from '#domain/recipe.js';
import { isoOf } from '../datetime.js';
import { describeObject } from '../describe.js';
import { endpoints } from '../endpoints.js';
import { longId } from '../record-id.js';
import { runQuery, type QueriedRecord } from '../soql.js';
import { selectedFields } from './selected-fields.js';
import { sinceSchema, type Since } from './since.js';

const OBJECT = 'Account';
const REQUIREMENT = 'Account:read';
const SETTLE_MS = 2_000;
/** How long after its stamp a change may become visible (2.6, "commit lag"). */
const OVERLAP_MS = 60_000;
/** Of long transactions (bulk loads, batches of the org); a transaction of Salesforce ends after ten minutes. */
const LONG_OVERLAP_MS = 11 * 60_000;
/** Further apart are no two clocks that somebody looks after. */
const CLOCKS_APART_MS = 24 * 3_600_000;
/** Records of one request: their ids stand in the address, beside the names of the fields. */
const PART = 50;
/** A page that is read by small parts ends after this, behind what was read: the poll has two minutes. */
const READING_MS = 45_000;

const inputSchema = z.strictObject({ since: sinceSchema });

export const newOrUpdatedAccount: Trigger = {
  async poll(context, input, cursorText, limit, sinceMs = 0, wish = {}) {
    const { since } = readInput(inputSchema, input);
    const begin = wish.from ?? since;
    const cursor = cursorText === null ? await startCursor(context, begin, sinceMs) : readCursor(cursorText);
    // Ids and stamps alone decide what is new: small answers, and an idle poll costs one request.
    const probe = await readStamps(context, cursor, limit);
    const found = advanceCursor(cursor, probe.rows, probe.clock, limit);
    if (found.rows.length === 0) return { events: [], cursor: formatCursor(cursor), more: false };
    const { events, missing, rows } = await readAccounts(context, found.rows, wish.fields ?? []);
    // Fewer than found when the time was up: the cursor stands behind what was read, and the rest comes next.
    const page = rows < found.rows.length ? advanceCursor(cursor, probe.rows, probe.clock, rows) : found;
    return { events, cursor: formatCursor(page.cursor), more: page.more, missing };
  },

  async read(context, recordId, fields) {
    const { events, missing } = await readAccounts(context, [{ id: longId(recordId), stamp: '' }], fields);
    if (events.length === 0) throw new HawserError('record_gone');
    return { events, missing };
  },
};

/** The records behind the stamps, in their order. One that is gone meanwhile has no event; one that is too large alone is `unread`. */
async function readAccounts(
  context: AppContext,
  rows: ChangeRow[],
  wished: readonly string[],
): Promise<{ events: TriggerEvent[]; missing: MissingField[]; rows: number }> {
  const { fields, missing } = selectedFields(await describeObject(context, OBJECT), wished);
  const until = (context.now ?? Date.now)() + READING_MS;
  const isTimeUp = (): boolean => (context.now ?? Date.now)() >= until;
  const { read } = await readByParts(rows, PART, isTimeUp, async (part) => {
    const ids = part.map(({ id }) => `'${id.replace(/[^A-Za-z0-9]/g, '')}'`);
    const soql = `SELECT ${fields.join(', ')} FROM ${OBJECT} WHERE Id IN (${ids.join(', ')})`;
    const { records } = await runQuery(context, soql, REQUIREMENT);
    return new Map(records.map(eventOf).map((event) => [event.recordId, event]));
  });
  const events = read.flatMap(({ item: { id, stamp }, value }) => {
    if (value === null) return [{ recordId: id, stamp, data: { Id: id, SystemModstamp: stamp }, unread: true }];
    const event = value.get(id);
    return event ? [event] : [];
  });
  return { events, missing, rows: read.length };
}

async function readStamps(
  context: AppContext,
  cursor: ChangeCursor,
  limit: number,
): Promise<{ rows: ChangeRow[]; clock: ReadingClock }> {
  const startedAt = (context.now ?? Date.now)();
  const soql = `SELECT Id, SystemModstamp FROM ${OBJECT} WHERE ${behind(cursor)} ORDER BY SystemModstamp, Id LIMIT ${rowsToAsk(cursor, limit)}`;
  const { records, first } = await runQuery(context, soql, REQUIREMENT);
  // The app's clock is that of the first answer; what was committed while it was computed may be missing from it.
  const tookMs = Math.max(0, first.at - startedAt);
  return {
    rows: records.map(rowOf),
    clock: {
      appNowMs: appNow(first) - tookMs,
      settleMs: SETTLE_MS,
      overlapMs: OVERLAP_MS,
      longOverlapMs: LONG_OVERLAP_MS,
    },
  };
}

/** SOQL has no row comparison: a later stamp, or the same stamp and a later id. */
function behind({ stamp, id }: ChangeCursor): string {
  if (id === '') return `SystemModstamp >= ${stamp}`;
  return `(SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > '${id.replace(/[^A-Za-z0-9]/g, '')}'))`;
}

function rowOf(record: QueriedRecord): ChangeRow {
  const stamp = isoOf(record.SystemModstamp);
  if (typeof record.Id !== 'string' || stamp === null) {
    throw new HawserError(
      'app_misconfigured',
      'Salesforce answered with an account that has no Id or no SystemModstamp.',
    );
  }
  return { id: longId(record.Id), stamp };
}

/** By the stamp that was read with the data: a change in between is told once, under its own. */
function eventOf(record: QueriedRecord): TriggerEvent {
  const { attributes: _, ...data } = record;
  const { id, stamp } = rowOf(record);
  return { recordId: id, stamp, data };
}

/** "Now" is the moment of the start by the app's clock, however late the first poll comes: what changed in between is not lost. */
async function startCursor(context: AppContext, since: Since, sinceMs: number): Promise<ChangeCursor> {
  if (since === 'beginning') return cursorFrom(0);
  if (since !== 'now') return cursorFrom(since);
  const startMs = appNow(await context.call({ method: 'GET', path: endpoints.limits })) - sinceMs;
  // Stamps are whole seconds (2.6): a fraction would skip what was changed in the very second of the start.
  return cursorFrom(Math.floor(startMs / 1_000) * 1_000);
}

function readCursor(text: string): ChangeCursor {
  const cursor = parseCursor(text);
  if (!cursor || isoOf(cursor.stamp) === null)
    throw new HawserError('internal', 'The cursor of the trigger is damaged.');
  return cursor;
}

/**
 * The `Date` header (RFC 9110 section 6.6.1, whole seconds, rounded down); our own clock where an answer has none, or one that is days
 * off: that is no clock of Salesforce, and a cursor that believed it would pass over all that happens until then.
 */
function appNow(response: AppResponse): number {
  const date = Date.parse(response.headers.date ?? '');
  return Math.abs(date - response.at) < CLOCKS_APART_MS ? date : response.at;
}
