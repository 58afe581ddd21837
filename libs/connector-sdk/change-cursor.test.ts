import fc from 'fast-check';
import {
  advanceCursor,
  cursorFrom,
  formatCursor,
  MOST_SEEN,
  parseCursor,
  rowsToAsk,
  type ChangeRow,
} from './change-cursor.js';

const SETTLE_MS = 2_000;
const OVERLAP_MS = 60_000;
const START = Date.parse('2026-11-25T10:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();

/** A model app: a change gets its stamp at once (whole seconds, so that equal stamps are common) and is visible only after its lag. */
class ModelApp {
  now = START;
  private readonly versions: (ChangeRow & { visibleAt: number; order: number })[] = [];

  write(id: string, lagMs: number): void {
    const stamp = iso(Math.floor(this.now / 1000) * 1000);
    this.versions.push({ id, stamp, visibleAt: this.now + lagMs, order: this.versions.length });
  }

  /** The newest visible version of every record, from the position on, in the app's order of ids (here: the reverse of text order). */
  read(cursor: { stamp: string; id: string }, count: number): ChangeRow[] {
    const newest = new Map<string, ChangeRow & { order: number }>();
    for (const version of this.versions) {
      if (version.visibleAt <= this.now && (newest.get(version.id)?.order ?? -1) < version.order)
        newest.set(version.id, version);
    }
    const after = (row: ChangeRow): boolean =>
      row.stamp > cursor.stamp || (row.stamp === cursor.stamp && (cursor.id === '' || row.id < cursor.id));
    return [...newest.values()]
      .filter(after)
      .sort((a, b) => a.stamp.localeCompare(b.stamp) || b.id.localeCompare(a.id))
      .slice(0, count)
      .map(({ id, stamp }) => ({ id, stamp }));
  }

  final(): string[] {
    return [...new Map(this.versions.map(({ id, stamp }) => [id, `${id} ${stamp}`])).values()].sort();
  }
}

function poll(app: ModelApp, cursorText: string, limit: number) {
  const cursor = parseCursor(cursorText)!;
  const rows = app.read(cursor, rowsToAsk(cursor, limit));
  // The Date header has whole seconds, rounded down.
  const clock = { appNowMs: Math.floor(app.now / 1000) * 1000, settleMs: SETTLE_MS, overlapMs: OVERLAP_MS };
  const page = advanceCursor(cursor, rows, clock, limit);
  return {
    events: page.rows.map(({ id, stamp }) => `${id} ${stamp}`),
    cursor: formatCursor(page.cursor),
    more: page.more,
  };
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      id: fc.constantFrom(...Array.from({ length: 16 }, (_, n) => `r${n}`)),
      lagMs: fc.constantFrom(0, 0, 300, 5_000, 45_000, 58_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(100, 700, 1_000, 5_000, 20_000, 36_000, 61_000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('poll' as const), limit: fc.integer({ min: 1, max: 4 }) }) },
  // The worker dies after it has started the jobs and before the cursor is kept: the same cursor is used again.
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), limit: fc.integer({ min: 1, max: 4 }) }) },
);

describe('change cursor', () => {
  it('loses nothing and repeats nothing: random writes, equal stamps, commit lag, small limits, crashes', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 80 }), (steps) => {
        const app = new ModelApp();
        let cursor = formatCursor(cursorFrom(START));
        const kept: string[] = [];
        const crashed = new Set<string>();
        const run = (limit: number): number => {
          const page = poll(app, cursor, limit);
          expect(page.events.length).toBeLessThanOrEqual(limit);
          kept.push(...page.events);
          cursor = page.cursor;
          return page.events.length;
        };
        for (const one of steps) {
          if (one.do === 'write') app.write(one.id, one.lagMs);
          else if (one.do === 'wait') app.now += one.ms;
          else if (one.do === 'poll') run(one.limit);
          else for (const event of poll(app, cursor, one.limit).events) crashed.add(event);
        }
        app.now += 2 * OVERLAP_MS;
        while (run(3) > 0) app.now += 1_000;
        expect(new Set(kept).size).toBe(kept.length);
        expect(kept).toEqual(expect.arrayContaining(app.final()));
        // A replay tells the same identities, so that "already started" is a success.
        const replayable = new Set(kept);
        for (const event of crashed) if (app.final().includes(event)) expect(replayable).toContain(event);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps the cursor small: behind the overlap a position is enough', () => {
    const app = new ModelApp();
    for (let n = 0; n < 500; n += 1) app.write(`r${n}`, 0);
    app.now += 2 * OVERLAP_MS;
    let page = poll(app, formatCursor(cursorFrom(0)), 50);
    let events = page.events.length;
    while (page.more) {
      page = poll(app, page.cursor, 50);
      events += page.events.length;
      expect(page.cursor.length).toBeLessThan(200);
    }
    expect(events).toBe(500);
  });

  it('leaves what is younger than the settle time for the next poll', () => {
    const app = new ModelApp();
    app.now += 10_000;
    app.write('a', 0);
    const early = poll(app, formatCursor(cursorFrom(START)), 5);
    expect(early.events).toEqual([]);
    app.now += 3_000;
    expect(poll(app, early.cursor, 5).events).toHaveLength(1);
  });

  it('says whether there is more', () => {
    const app = new ModelApp();
    for (const id of ['a', 'b', 'c']) app.write(id, 0);
    app.now += 5_000;
    const first = poll(app, formatCursor(cursorFrom(START)), 2);
    expect([first.events.length, first.more]).toEqual([2, true]);
    const second = poll(app, first.cursor, 2);
    expect([second.events.length, second.more]).toEqual([1, false]);
  });

  it('reads no foreign text as a cursor', () => {
    expect([parseCursor('x'), parseCursor('null'), parseCursor('{"stamp":1}')]).toEqual([null, null, null]);
  });
});

describe('stamps that are committed later than the overlap', () => {
  const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();
  const clockAt = (seconds: number) => ({
    appNowMs: START + seconds * 1_000,
    settleMs: SETTLE_MS,
    overlapMs: OVERLAP_MS,
    longOverlapMs: 10 * OVERLAP_MS,
  });

  it('g14: a change that shows itself five minutes after its stamp is told, once', () => {
    const rows: ChangeRow[] = [{ id: 'b', stamp: at(20) }];
    let page = advanceCursor(cursorFrom(START), rows, clockAt(30), 10);
    expect(page.rows).toHaveLength(1);
    page = advanceCursor(page.cursor, rows, clockAt(200), 10);
    expect(page.rows).toEqual([]);
    rows.unshift({ id: 'late', stamp: at(10) });
    page = advanceCursor(page.cursor, rows, clockAt(310), 10);
    expect(page.rows.map(({ id }) => id)).toEqual(['late']);
    expect(advanceCursor(page.cursor, rows, clockAt(320), 10).rows).toEqual([]);
    // Behind the long overlap nothing is remembered.
    expect(advanceCursor(page.cursor, rows, clockAt(3_000), 10).cursor.seen).toEqual([]);
  });

  it('g14: with thousands of changes the memory stays small, and the short overlap whole', () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => ({ id: `r${n}`, stamp: at(Math.floor(n / 10)) }));
    const page = advanceCursor(cursorFrom(START), rows, clockAt(310), 10_000);
    expect(page.rows).toHaveLength(3_000);
    expect(page.cursor.seen.length).toBeLessThanOrEqual(MOST_SEEN);
    expect(Date.parse(page.cursor.stamp)).toBeLessThanOrEqual(START + 250_000);
    // What came within the short overlap is remembered, however much it is.
    const burst = rows.map(({ id }) => ({ id, stamp: at(300) }));
    expect(advanceCursor(cursorFrom(START), burst, clockAt(310), 10_000).cursor.seen).toHaveLength(3_000);
  });
});
