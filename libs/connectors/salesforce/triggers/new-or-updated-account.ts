/**
 * Accounts that were created or changed, by SystemModstamp (saas-apis.md 2.6: indexed, and it moves with system changes too).
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
  type ReadingClock,
} from '#connector-sdk/change-cursor.js';
import type { AppContext, AppResponse, Trigger } from '#connector-sdk/connector.js';
import { readInput } from '#connector-sdk/read-input.js';
import { HawserError } from '#domain/errors.js';
import type { TriggerEvent } from '#domain/recipe.js';
import { isoOf } from '../datetime.js';
import { describeObject } from '../describe.js';
import { endpoints } from '../endpoints.js';
import type { Describe } from '../guards.js';
import { longId } from '../record-id.js';
import { runQuery, type QueriedRecord } from '../soql.js';

const OBJECT = 'Account';
const REQUIREMENT = 'Account:read';
const SETTLE_MS = 2_000;
/** How long after its stamp a change may become visible (2.6, "commit lag"). */
const OVERLAP_MS = 60_000;
/** Further apart are no two clocks that somebody looks after. */
const CLOCKS_APART_MS = 24 * 3_600_000;
/** Compound fields repeat their parts; blobs are no event data. */
const LEFT_OUT = new Set(['address', 'location', 'base64']);
/** A query travels in the address, which Salesforce takes up to 16 KB of (414, 431). */
const MAX_SELECT_CHARACTERS = 10_000;

const inputSchema = z.strictObject({
  since: z
    .union([
      z.literal('beginning'),
      z.literal('now'),
      z.iso.datetime({
        offset: true,
        error: 'give "beginning", "now", or a date and time such as 2026-01-31T00:00:00Z',
      }),
    ])
    .default('now'),
});

export const newOrUpdatedAccount: Trigger = {
  async poll(context, input, cursorText, limit, sinceMs = 0) {
    const { since } = readInput(inputSchema, input);
    const cursor = cursorText === null ? await startCursor(context, since, sinceMs) : readCursor(cursorText);
    // Cheap question first: an idle poll costs one request; the fields are asked for only when there is something to tell.
    const probe = await readRows(context, cursor, limit, ['Id', 'SystemModstamp']);
    if (advanceCursor(cursor, probe.rows, probe.clock, limit).rows.length === 0) {
      return { events: [], cursor: formatCursor(cursor), more: false };
    }
    const read = await readRows(context, cursor, limit, selectable(await describeObject(context, OBJECT)));
    const page = advanceCursor(cursor, read.rows, read.clock, limit);
    return { events: page.rows.map(({ event }) => event), cursor: formatCursor(page.cursor), more: page.more };
  },
};

interface AccountRow {
  id: string;
  stamp: string;
  event: TriggerEvent;
}

async function readRows(
  context: AppContext,
  cursor: ChangeCursor,
  limit: number,
  fields: string[],
): Promise<{ rows: AccountRow[]; clock: ReadingClock }> {
  const startedAt = (context.now ?? Date.now)();
  const soql = `SELECT ${fields.join(', ')} FROM ${OBJECT} WHERE ${behind(cursor)} ORDER BY SystemModstamp, Id LIMIT ${rowsToAsk(cursor, limit)}`;
  const { records, first } = await runQuery(context, soql, REQUIREMENT);
  // The app's clock is that of the first answer; what was committed while it was computed may be missing from it.
  const tookMs = Math.max(0, first.at - startedAt);
  return {
    rows: records.map(rowOf),
    clock: { appNowMs: appNow(first) - tookMs, settleMs: SETTLE_MS, overlapMs: OVERLAP_MS },
  };
}

/** SOQL has no row comparison: a later stamp, or the same stamp and a later id. */
function behind({ stamp, id }: ChangeCursor): string {
  if (id === '') return `SystemModstamp >= ${stamp}`;
  return `(SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > '${id.replace(/[^A-Za-z0-9]/g, '')}'))`;
}

function rowOf(record: QueriedRecord): AccountRow {
  const { attributes: _, ...data } = record;
  const stamp = isoOf(record.SystemModstamp);
  if (typeof record.Id !== 'string' || stamp === null) {
    throw new HawserError(
      'app_misconfigured',
      'Salesforce answered with an account that has no Id or no SystemModstamp.',
    );
  }
  const id = longId(record.Id);
  return { id, stamp, event: { recordId: id, stamp, data } };
}

/** "Now" is the moment of the start by the app's clock, however late the first poll comes: what changed in between is not lost. */
async function startCursor(context: AppContext, since: string, sinceMs: number): Promise<ChangeCursor> {
  if (since === 'beginning') return cursorFrom(0);
  if (since !== 'now') return cursorFrom(Date.parse(since));
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

/** Every field that the user sees, standard ones first, as far as an address carries them. */
function selectable(description: Describe): string[] {
  const wanted = new Set(['Id', 'SystemModstamp']);
  const fields = description.fields
    .filter(({ type }) => !LEFT_OUT.has(type))
    .sort((a, b) => Number(a.custom) - Number(b.custom));
  let length = 0;
  for (const { name } of fields) {
    length += name.length + 2;
    if (length > MAX_SELECT_CHARACTERS) break;
    wanted.add(name);
  }
  return [...wanted];
}
