import { scriptedContext, type ScriptedAnswer } from '#connector-sdk/scripted-context.js';
import type { AppRequest } from '#connector-sdk/connector.js';
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

  private answerNow(request: AppRequest): ScriptedAnswer {
    const headers = { date: this.saysDate ?? new Date(this.now).toUTCString() };
    if (request.path.endsWith('/describe')) {
      const fields = ['Id', 'SystemModstamp', 'Name', 'Ext__c'].map((name) => ({
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
    const rows = this.select(soql);
    this.pages = Array.from({ length: Math.max(1, Math.ceil(rows.length / 2)) }, (_, i) =>
      rows.slice(2 * i, 2 * i + 2),
    );
    return this.page(0, headers);
  }

  private page(index: number, headers: Record<string, string>): ScriptedAnswer {
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
    const [, fields, where, limit] =
      /^SELECT (.+) FROM Account WHERE (.+) ORDER BY SystemModstamp, Id LIMIT (\d+)$/.exec(soql) ?? [];
    const exact = /^\(SystemModstamp > (\S+) OR \(SystemModstamp = \S+ AND Id > '(\w+)'\)\)$/.exec(where!);
    const from = Date.parse(exact?.[1] ?? /^SystemModstamp >= (\S+)$/.exec(where!)![1]!);
    return this.accounts
      .filter(({ stamp, Id }) => stamp > from || (stamp === from && (!exact || Id > exact[2]!)))
      .sort((a, b) => a.stamp - b.stamp || (a.Id < b.Id ? -1 : 1))
      .slice(0, Number(limit))
      .map(({ Id, stamp, Name }) => {
        const whole = { Id, SystemModstamp: new Date(stamp).toISOString().replace('Z', '+0000'), Name, Ext__c: null };
        return {
          attributes: { type: 'Account' },
          ...Object.fromEntries(fields!.split(', ').map((name) => [name, whole[name as keyof typeof whole]])),
        };
      });
  }

  set(number: number, stamp: number, Name = `v${stamp}`): void {
    const Id = `0010000000000${String(number).padStart(2, '0')}AAA`;
    this.accounts = [...this.accounts.filter((one) => one.Id !== Id), { Id, stamp, Name }];
  }
}

function setUp() {
  const org = new SmallOrg();
  const { context, asked } = scriptedContext(connector, org.answer);
  const poll = (cursor: string | null, since: unknown = 'beginning', limit = 10, sinceMs = 0) =>
    trigger!.poll(context, { since }, cursor, limit, sinceMs);
  return { org, asked, poll };
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

  it('names a wrong input', async () => {
    await expect(setUp().poll(null, 'yesterday')).rejects.toMatchObject({
      code: 'mapping_failed',
      message: expect.stringContaining('since') as string,
    });
  });
});
