import type { Connector, PollWish } from '#connector-sdk/connector.js';
import { HawserError, type ErrorCode } from '#domain/errors.js';
import type { LeaseYes } from '#domain/lease.js';
import type { TriggerEvent } from '#domain/recipe.js';
import type { OpenOptions } from '../../app-calls/app-caller.js';

type TinyContext = Pick<OpenOptions, 'beforeWrite'>;

/** The app: a list of changes, and what was written to it. */
export class TinyApp {
  readonly events: TriggerEvent[] = [];
  readonly writes: { key: string; input: Record<string, unknown> }[] = [];
  /** Refusals of a connection; none: it is usable. */
  readonly refusals = new Map<string, { code: ErrorCode; requirement?: string }>();
  /** Steps whose next result is lost on its way to Temporal, by the end of their key. */
  readonly lostResults = new Set<string>();
  /** Failures of the next writes. */
  readonly failures: HawserError[] = [];
  /** Looks at records after a lost answer, and whether the user may not read. */
  lookUps = 0;
  blind = false;
  looks = 0;
  polls = 0;
  /** The instance that answers, and since when it has the place of another. */
  instanceId = 'instance';
  instanceSince: number | undefined;
  /** Connection -> instance and account; the same for all that are not named. */
  readonly readers = new Map<string, [string, string]>();
  /** Where polls without a cursor were told to begin. */
  readonly begins: unknown[] = [];

  /** What writes of a step answer beside the id, by the end of their key. */
  readonly answers = new Map<string, Record<string, unknown>>();
  /** What the trigger cannot give, and what it was asked for. */
  missing: { field: string; text: string }[] = [];
  wished: readonly string[] = [];

  change(recordId: string, value: number): void {
    this.events.push({ recordId, stamp: String(this.events.length), data: { recordId, value } });
  }

  readonly connector = {
    manifest: {
      app: 'tiny',
      name: 'Tiny',
      triggers: [{ name: 'changed', pollIntervalMs: 200 }],
      actions: [
        { name: 'write', idempotent: false, input: [] },
        { name: 'write_blind', idempotent: false, input: [] },
        { name: 'set', idempotent: true, input: [] },
        { name: 'write_keyed', idempotent: true, keyLifeMs: 7_200_000, input: [] },
        // Its key is as good as forgotten at once.
        { name: 'write_keyed_briefly', idempotent: true, keyLifeMs: 1, input: [] },
      ],
    },
    triggers: {
      changed: {
        poll: async (_: unknown, __: unknown, cursor: string | null, ___: number, ____: number, wish?: PollWish) => {
          this.polls += 1;
          this.wished = wish?.fields ?? [];
          if (cursor === null) this.begins.push(wish?.from ?? null);
          // "Now": nothing that was there before is told.
          const begin = wish?.from === 'now' ? this.events.length : 0;
          // The last event is read again each time, as a commit-lag overlap would.
          const from = cursor === null ? begin : Math.max(0, Number(cursor) - 1);
          const events = this.events.slice(from);
          return { events, cursor: String(this.events.length), more: false, missing: this.missing };
        },
        read: async (_: unknown, recordId: string) => ({
          events: this.events.filter((event) => event.recordId === recordId).slice(-1),
        }),
      },
    },
    actions: {
      write: {
        run: (context: TinyContext, input: Record<string, unknown>, key: string) => this.mark(context, input, key),
        lookUp: async (_: unknown, __: unknown, key: string) => this.find(key),
      },
      set: {
        run: (_: unknown, input: Record<string, unknown>, key: string) => this.write(input, key),
        lookUp: async (_: unknown, __: unknown, key: string) => this.look(key),
      },
      write_blind: {
        run: (context: TinyContext, input: Record<string, unknown>, key: string) => this.mark(context, input, key),
      },
      write_keyed: { run: (_: unknown, input: Record<string, unknown>, key: string) => this.write(input, key) },
      write_keyed_briefly: { run: (_: unknown, input: Record<string, unknown>, key: string) => this.write(input, key) },
    },
  } as unknown as Connector;

  /** As the session does before a request that must not be sent twice. */
  private async mark(
    { beforeWrite }: TinyContext,
    input: Record<string, unknown>,
    key: string,
  ): Promise<Record<string, unknown>> {
    await beforeWrite?.(1_000);
    return this.write(input, key);
  }

  private async write(input: Record<string, unknown>, key: string): Promise<Record<string, unknown>> {
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.writes.push({ key, input });
    const answer = [...this.answers].find(([end]) => key.endsWith(end))?.[1];
    return { ...answer, id: this.writes.length };
  }

  /** As `find`, for a user who may write but not read, when the test says so. */
  private async look(key: string): Promise<Record<string, unknown> | null> {
    this.lookUps += 1;
    if (this.blind) throw new HawserError('right_missing');
    return this.find(key);
  }

  private async find(key: string): Promise<Record<string, unknown> | null> {
    const index = this.writes.findIndex((write) => write.key === key);
    return index < 0 ? null : { id: index + 1 };
  }

  private refuse(connectionId: string): void {
    const refusal = this.refusals.get(connectionId);
    if (refusal)
      throw new HawserError(refusal.code, undefined, refusal.requirement ? { requirement: refusal.requirement } : {});
  }

  readonly calls = {
    caller: {
      check: async ({ connectionId }: { connectionId: string }) => {
        if (this.refusals.get(connectionId)?.requirement === undefined) this.refuse(connectionId);
        const { instanceSince } = this;
        const [instanceId, accountId] = this.readers.get(connectionId) ?? [this.instanceId, 'account'];
        return { kind: 'yes', instanceId, accountId, ...(instanceSince && { instanceSince }) } as LeaseYes;
      },
      open: async ({ connectionId }: { connectionId: string }, options: OpenOptions = {}) => {
        this.refuse(connectionId);
        const before = this.writes.length;
        const mayHaveHappened = (): boolean => this.writes.length > before;
        const instanceSince = this.instanceSince ?? null;
        return { connector: this.connector, context: options, version: () => 1, instanceSince, mayHaveHappened };
      },
      findManifest: () => this.connector.manifest,
    },
    actor: {
      lease: async ({ connectionId }: { connectionId: string }) => {
        this.looks += 1;
        const refusal = this.refusals.get(connectionId);
        return refusal && !refusal.requirement ? { kind: 'no', code: refusal.code } : { kind: 'yes', goodUntil: null };
      },
      status: async () => ({ proof: null }),
    },
  } as never;
}
