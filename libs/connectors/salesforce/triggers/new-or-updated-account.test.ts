import { scriptedContext, type ScriptedAnswer } from '#connector-sdk/scripted-context.js';
import type { AppRequest } from '#connector-sdk/connector.js';
import { HawserError } from '#domain/errors.js';
import { salesforceConnector as connector } from '../salesforce-connector.js';

const { new_or_updated_account: trigger } = connector.triggers;
const NOW = Date.parse('2026-11-25T10:00:00Z');

interface Account {
  Id: string;
  stamp: number;
  Name: string;
}

/** A small Salesforce: answers the trigger's two kinds of query in pages of two, by its own clock. */
class SmallOrg {
  now = NOW;
  accounts: Account[] = [];
  private pages: unknown[][] = [];
  queries: string[] = [];

  /** What the answers say about the time, when it is not the org's own clock. */
  saysDate: string | null = null;

  answer = (request: AppRequest): ScriptedAnswer => ({ at: this.now, ...this.answerNow(request) });

  moreFields: string[] = [];
  /** Queries until the org is busy. */
  failAfter = Number.POSITIVE_INFINITY;
  /** Something that happens before the data of records is asked for. */
  beforeData: () => void = () => undefined;

  private answerNow(request: AppRequest): ScriptedAnswer {
    const headers = { date: this.saysDate ?? new Date(this.now).toUTCString() };
    if (request.path.endsWith('/describe')) {
      const fields = ['Id', 'SystemModstamp', 'Name', 'Ext__c', ...this.moreFields].map((name) => ({
        name,
        label: name,
        type: 'string',
        custom: name.endsWith('__c'),
      }));
      return {
        headers,
        json: {
          name: 'Account',
          label: 'Account',
          queryable: true,
          fields: [...fields, { name: 'BillingAddress', label: 'x', type: 'address' }],
        },
      };
    }
    if (request.path.endsWith('/limits')) return { headers, json: {} };
    const next = /-(\d+)$/.exec(request.path)?.[1];
    if (next !== undefined) return this.page(Number(next), headers);
    const soql = request.query!.q!;
    this.queries.push(soql);
    if (soql.includes('Id IN')) this.beforeData();
    if (this.queries.length > this.failAfter) throw new HawserError('app_unavailable');
    const rows = this.select(soql);
    this.pages = Array.from({ length: Math.max(1, Math.ceil(rows.length / 2)) }, (_, i) =>
      rows.slice(2 * i, 2 * i + 2),
    );
    return this.page(0, headers);
  }

  /** What is read of one answer, in characters; ours, not the app's. */
  largestAnswer = Number.POSITIVE_INFINITY;

  private page(index: number, headers: Record<string, string>): ScriptedAnswer {
    if (JSON.stringify(this.pages.flat()).length > this.largestAnswer) throw new HawserError('answer_too_large');
    const done = index === this.pages.length - 1;
    return {
      headers,
      json: {
        done,
        records: this.pages[index],
        ...(done ? {} : { nextRecordsUrl: `/services/data/v60.0/query/01g-${index + 1}` }),
      },
    };
  }

  private select(soql: string): unknown[] {
    const [, named, ids] = /^SELECT (.+) FROM Account WHERE Id IN \((.+)\)$/.exec(soql) ?? [];
    if (ids !== undefined)
      return this.accounts.filter(({ Id }) => ids.includes(`'${Id}'`)).map((account) => this.shown(account, named!));
    const [, fields, where, limit] =
      /^SELECT (.+) FROM Account WHERE (.+) ORDER BY SystemModstamp, Id LIMIT (\d+)$/.exec(soql) ?? [];
    const exact = /^\(SystemModstamp > (\S+) OR \(SystemModstamp = \S+ AND Id > '(\w+)'\)\)$/.exec(where!);
    const from = Date.parse(exact?.[1] ?? /^SystemModstamp >= (\S+)$/.exec(where!)![1]!);
    return this.accounts
      .filter(({ stamp, Id }) => stamp > from || (stamp === from && (!exact || Id > exact[2]!)))
      .sort((a, b) => a.stamp - b.stamp || (a.Id < b.Id ? -1 : 1))
      .slice(0, Number(limit))
      .map((account) => this.shown(account, fields!));
  }

  private shown({ Id, stamp, Name }: Account, fields: string): unknown {
    const whole = { Id, SystemModstamp: new Date(stamp).toISOString().replace('Z', '+0000'), Name, Ext__c: null };
    return {
      attributes: { type: 'Account' },
      ...Object.fromEntries(fields.split(', ').map((name) => [name, whole[name as keyof typeof whole]])),
    };
  }

  set(number: number, stamp: number, Name = `v${stamp}`): void {
    const Id = `0010000000000${String(number).padStart(2, '0')}AAA`;
    this.accounts = [...this.accounts.filter((one) => one.Id !== Id), { Id, stamp, Name }];
  }
}

function setUp() {
  const org = new SmallOrg();
  const { context, asked } = scriptedContext(connector, org.answer);
  const poll = (cursor: string | null, since: unknown = 'beginning', limit = 10, sinceMs = 0, wish = {}) =>
    trigger!.poll(context, { since }, cursor, limit, sinceMs, wish);
  const read = (recordId: string) => trigger!.read!(context, recordId, []);
  return { org, asked, poll, read };
}

describe('new or updated account', () => {
  it('reads from the beginning, in pages, with every field that the user sees', async () => {
    const { org, poll } = setUp();
    for (let n = 1; n <= 5; n += 1) org.set(n, NOW - 100_000);
    const page = await poll(null);
    expect(page.events.map(({ recordId }) => recordId.slice(13, 15))).toEqual(['01', '02', '03', '04', '05']);
    expect(page.events[0]).toEqual({
      recordId: '001000000000001AAA',
      stamp: new Date(NOW - 100_000).toISOString(),
      data: {
        Id: '001000000000001AAA',
        SystemModstamp: '2026-11-25T09:58:20.000+0000',
        Name: `v${NOW - 100_000}`,
        Ext__c: null,
      },
    });
    expect(page.more).toBe(false);
    expect(org.queries.at(-1)).toMatch(/^SELECT Id, SystemModstamp, Name, Ext__c FROM Account WHERE/);
    expect((await poll(page.cursor)).events).toEqual([]);
  });

  it('goes through a backlog of equal stamps by small steps: each once', async () => {
    const { org, poll } = setUp();
    for (let n = 1; n <= 7; n += 1) org.set(n, NOW - 100_000);
    const seen: string[] = [];
    let page = await poll(null, 'beginning', 3);
    seen.push(...page.events.map(({ recordId }) => recordId));
    while (page.more) {
      page = await poll(page.cursor, 'beginning', 3);
      seen.push(...page.events.map(({ recordId }) => recordId));
    }
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
  });

  it('finds a late commit between what was read, and nothing twice', async () => {
    const { org, poll } = setUp();
    org.set(1, NOW - 30_000);
    org.set(3, NOW - 10_000);
    const first = await poll(null);
    expect(first.events).toHaveLength(2);
    org.set(2, NOW - 20_000);
    org.now += 5_000;
    const second = await poll(first.cursor);
    expect(second.events.map(({ recordId }) => recordId.slice(13, 15))).toEqual(['02']);
    org.set(1, org.now - 3_000);
    const third = await poll(second.cursor);
    expect(third.events.map(({ recordId }) => recordId.slice(13, 15))).toEqual(['01']);
    expect((await poll(third.cursor)).events).toEqual([]);
  });

  it('an idle poll costs one request', async () => {
    const { org, poll, asked } = setUp();
    org.set(1, NOW - 100_000);
    const { cursor } = await poll(null);
    asked.length = 0;
    await poll(cursor);
    expect(asked).toHaveLength(1);
  });

  it("stops two seconds before the app's own clock, whatever ours says", async () => {
    const { org, poll } = setUp();
    org.set(1, NOW - 1_000);
    const early = await poll(null);
    expect(early.events).toEqual([]);
    org.now += 2_000;
    expect((await poll(early.cursor)).events).toHaveLength(1);
  });

  it('since now: nothing that was there before; since a date: from then on', async () => {
    const { org, poll } = setUp();
    org.set(1, NOW - 100_000);
    const start = await poll(null, 'now');
    expect(start.events).toEqual([]);
    org.now += 10_000;
    org.set(2, org.now - 5_000);
    expect((await poll(start.cursor, 'now')).events).toHaveLength(1);
    expect((await poll(null, new Date(NOW - 200_000).toISOString())).events).toHaveLength(2);
    expect((await poll(null, '2026-11-25T11:00:00+02:00')).events).toHaveLength(2);
  });

  it.each(['Tue, 01 Jan 2999 00:00:00 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT', 'soon'])(
    'an answer that is dated %s is not believed: nothing is passed over and nothing waits',
    async (date) => {
      const { org, poll } = setUp();
      org.saysDate = date;
      const start = await poll(null, 'now');
      org.now += 10_000;
      org.set(1, org.now - 5_000);
      const { events, cursor } = await poll(start.cursor, 'now');
      expect(events).toHaveLength(1);
      expect(JSON.parse(cursor).stamp < new Date(org.now).toISOString()).toBe(true);
    },
  );

  it('since now, first polled 20 s after the start: what changed in between is told, what was there before is not', async () => {
    const { org, poll } = setUp();
    org.set(1, NOW - 60_000);
    org.set(2, NOW - 10_000);
    const { events } = await poll(null, 'now', 10, 20_000);
    expect(events).toHaveLength(1);
  });

  it('since now: stamps are whole seconds, so the whole second of the start counts', async () => {
    const { org, poll } = setUp();
    org.set(1, Math.floor((NOW - 20_098) / 1_000) * 1_000);
    expect((await poll(null, 'now', 10, 20_098)).events).toHaveLength(1);
  });

  describe('g04: a page that is larger than one answer may be', () => {
    it('is read by smaller parts: each event once, in order, and the cursor is the same', async () => {
      const { org, poll } = setUp();
      for (let n = 1; n <= 54; n += 1) org.set(n, NOW - 100_000 + n, 'x'.repeat(96_000));
      const whole = await poll(null, 'beginning', 100);
      org.largestAnswer = 5_000_000;
      const parts = await poll(null, 'beginning', 100);
      expect(parts).toEqual(whole);
      expect(parts.events).toHaveLength(54);
      expect(org.queries.at(-1)).toContain('Id IN');
    });

    it('is not read again with what was told before: an overlap of large records is no hindrance', async () => {
      const { org, poll } = setUp();
      for (let n = 1; n <= 54; n += 1) org.set(n, NOW - 30_000, 'x'.repeat(96_000));
      org.largestAnswer = 5_000_000;
      const first = await poll(null, 'beginning', 100);
      org.set(60, NOW - 20_000);
      const second = await poll(first.cursor, 'beginning', 100);
      expect(second.events.map(({ recordId }) => recordId.slice(13, 15))).toEqual(['60']);
    });

    it('one record that alone is too large is an event without its data, and those around it are whole', async () => {
      const { org, poll, read } = setUp();
      for (let n = 1; n <= 5; n += 1) org.set(n, NOW - 100_000 + n * 1_000, n === 3 ? 'x'.repeat(6_000) : 'small');
      org.largestAnswer = 5_000;
      const { events, cursor } = await poll(null);
      expect(events.map(({ unread }) => unread ?? false)).toEqual([false, false, true, false, false]);
      expect(events[2]).toEqual({
        recordId: '001000000000003AAA',
        stamp: new Date(NOW - 97_000).toISOString(),
        data: { Id: '001000000000003AAA', SystemModstamp: new Date(NOW - 97_000).toISOString() },
        unread: true,
      });
      expect((await poll(cursor)).events).toEqual([]);
      expect((await read('001000000000003AAA')).events[0]).toMatchObject({ unread: true });
      org.largestAnswer = Number.POSITIVE_INFINITY;
      expect((await read('001000000000003AAA')).events[0]!.data).toMatchObject({ Name: 'x'.repeat(6_000) });
      await expect(read('001000000000009AAA')).rejects.toMatchObject({ code: 'record_gone' });
    });

    it('a trouble in the middle of it keeps what was read, and the cursor stands behind that', async () => {
      const { org, poll } = setUp();
      for (let n = 1; n <= 8; n += 1) org.set(n, NOW - 100_000 + n * 1_000, 'x'.repeat(2_000));
      org.largestAnswer = 5_000;
      org.failAfter = 4;
      const first = await poll(null);
      org.failAfter = Number.POSITIVE_INFINITY;
      expect(first.events.length).toBeGreaterThan(0);
      expect(first.events.length).toBeLessThan(8);
      expect(first.more).toBe(true);
      const second = await poll(first.cursor);
      expect([...first.events, ...second.events].map(({ recordId }) => recordId.slice(13, 15))).toEqual([
        '01',
        '02',
        '03',
        '04',
        '05',
        '06',
        '07',
        '08',
      ]);
    });
  });

  it('a change between the two questions is told once, under its own stamp', async () => {
    const { org, poll } = setUp();
    org.set(1, NOW - 100_000);
    org.beforeData = () => org.set(1, NOW - 10_000);
    const { events, cursor } = await poll(null);
    expect(events).toMatchObject([{ stamp: new Date(NOW - 10_000).toISOString(), data: { Name: `v${NOW - 10_000}` } }]);
    expect((await poll(cursor)).events).toMatchObject([{ stamp: new Date(NOW - 10_000).toISOString() }]);
  });

  describe('g27: fields that the recipe reads', () => {
    it('are asked for first, and what cannot be had is named', async () => {
      const { org, poll } = setUp();
      org.set(1, NOW - 100_000);
      const fields = ['Ext__c', 'name', 'Hidden__c', 'BillingAddress'];
      const { missing, events } = await poll(null, 'beginning', 10, 0, { fields });
      expect(org.queries.at(-1)).toMatch(/^SELECT Id, SystemModstamp, Ext__c, BillingAddress, Name FROM/);
      expect(events).toHaveLength(1);
      expect(missing).toEqual([
        { field: 'name', text: expect.stringContaining('it has Name') as string },
        {
          field: 'Hidden__c',
          text: expect.stringContaining('no field "Hidden__c" that the connected user sees') as string,
        },
      ]);
    });

    it('are there when the object has more fields than an address carries', async () => {
      const { org, poll } = setUp();
      org.moreFields = Array.from({ length: 400 }, (_, n) => `Field_${String(n).padStart(30, '0')}__c`);
      org.set(1, NOW - 100_000);
      const last = org.moreFields.at(-1)!;
      expect((await poll(null)).events[0]!.data).not.toHaveProperty(last);
      const { missing } = await poll(null, 'beginning', 10, 0, { fields: [last] });
      expect(org.queries.at(-1)).toContain(last);
      expect(missing).toEqual([]);
      const all = await poll(null, 'beginning', 10, 0, { fields: org.moreFields });
      expect(all.missing!.at(-1)).toMatchObject({ field: last, text: expect.stringContaining('left out') as string });
    });
  });

  it.each([
    ['2026-11-25', 2],
    ['2026-11-25T09:00:00', 2],
    ['2026-11-25T09:00:00.000+0000', 2],
    ['2026-11-25T11:00:00+0200', 2],
    [' Beginning ', 2],
    ['0001-01-01T00:00:00Z', 2],
    ['2026-11-25T09:58:30Z', 1],
    ['', 0],
    [null, 0],
  ])('g29: since %s', async (since, events) => {
    const { org, poll } = setUp();
    org.set(1, NOW - 100_000);
    org.set(2, NOW - 80_000);
    expect((await poll(null, since)).events).toHaveLength(events);
  });

  it.each(['2026-02-30', '30.11.2026', '5000-01-01', 7, {}])('g29: since %s is refused by name', async (since) => {
    await expect(setUp().poll(null, since)).rejects.toMatchObject({
      code: 'mapping_failed',
      message: expect.stringContaining('since') as string,
    });
  });

  it('names a wrong input', async () => {
    await expect(setUp().poll(null, 'yesterday')).rejects.toMatchObject({
      code: 'mapping_failed',
      message: expect.stringContaining('since') as string,
    });
  });
});
