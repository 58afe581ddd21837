import type { Connection, Model } from 'mongoose';
import { Schema } from 'mongoose';
import { HawserError } from '#domain/errors.js';
import { compareAndSet } from './compare-and-set.js';
import { deleteById } from './delete-by-id.js';
import type { AttemptDocument, Sealed } from './documents.js';
import { insertOnce } from './insert-once.js';
import { listPage, type Page, type PageWish } from './list-page.js';
import { storeClock } from './probe-write.js';
import { runOperation } from './run-operation.js';
import { PeriodCollections } from './period-collections.js';
import { readById } from './read-by-id.js';
import { storeModel } from './store-model.js';

const FAULT = 'temporarily_unavailable';
const MAX_ROUNDS = 10;
const MAX_OF_CONNECTION = 500;
/** A closed attempt can be looked at for so long at least, twice as long at most. */
const SHOWN_MS = 30 * 24 * 3_600_000;
/** One that nobody has closed so long after its end never will be: its actor did not hear of it. */
const FORSAKEN_MS = 24 * 3_600_000;
const SWEEP_EVERY_MS = 3_600_000;
const SWEPT_AT_ONCE = 500;

/** What a conditional update may change. */
export type AttemptChange = Partial<
  Omit<AttemptDocument, '_id' | 'workspaceId' | 'connectionId' | 'app' | 'revision' | 'createdAt' | 'linkHash'>
>;

/**
 * Attempts to authorize: link, button, answer, end. Those under way are few, and stand in a collection of their own: each of their
 * steps is a compare-and-set, which reads the whole collection on FerretDB (rule 2). A closed one is moved to the other.
 */
export class AttemptStore {
  private readonly living: Model<AttemptDocument>;
  private readonly closed: PeriodCollections<AttemptDocument>;
  /** By this process's own monotonic clock. */
  private sweptAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly db: Connection) {
    const fields = {
      workspaceId: String,
      connectionId: String,
      app: String,
      linkHash: String,
      createdAt: Number,
      expiresAt: Number,
      status: String,
      revision: Number,
      scopes: [String],
      redirectUri: String,
      appClientId: String,
      frozen: Schema.Types.Mixed,
      cookieHash: String,
      stateHash: String,
      sealedVerifier: String,
      sealedCode: String,
      answerError: String,
      answerDescription: String,
      answeredAt: Number,
      end: String,
    };
    this.living = storeModel<AttemptDocument>(db, 'attempts', fields);
    this.closed = new PeriodCollections(db, {
      name: 'closedattempts',
      fields,
      periodMs: SHOWN_MS,
      keys: { connectionId: 1 },
    });
  }

  /**
   * The database's clock: `createdAt`, `expiresAt` and `answeredAt` are written and compared by it, whichever gateway does so. The
   * actor's own end of an attempt is Temporal's.
   */
  async now(): Promise<number> {
    return (await runOperation(FAULT, () => storeClock(this.db))) ?? Date.now();
  }

  /** @returns False when the id exists already. */
  async insert(attempt: AttemptDocument): Promise<boolean> {
    const inserted = await insertOnce(this.living, attempt, FAULT);
    // Nobody waits for it; what fails is left for the next hour.
    void this.sweepHourly().catch(() => undefined);
    return inserted;
  }

  async get(workspaceId: string, attemptId: string): Promise<AttemptDocument | null> {
    const attempt = await this.getForBrowser(attemptId);
    return attempt?.workspaceId === workspaceId ? attempt : null;
  }

  /**
   * For the connect link and the callback only: a browser has no API key, so the attempt tells the workspace.
   * The caller must compare the hash of the link or of `state` before it believes anything.
   */
  async getForBrowser(attemptId: string): Promise<AttemptDocument | null> {
    // In this order: one that is moved in between is in both, then in the second.
    let found = await readById(this.living, attemptId, FAULT);
    if (found) return found;
    for (const model of await this.closed.open()) found ??= await readById(model, attemptId, FAULT);
    return found;
  }

  /**
   * One conditional update: done if the attempt still has `revision`, which it raises by one.
   * @returns The changed document, or null when another writer was first (read again and decide anew).
   */
  async compareAndSet(attempt: AttemptDocument, change: AttemptChange): Promise<AttemptDocument | null> {
    const { _id, workspaceId, revision } = attempt;
    const next = { ...change, revision: revision + 1 };
    const done = await compareAndSet(this.living, _id, { workspaceId, revision }, next, FAULT);
    return done ? { ...attempt, ...next } : null;
  }

  /**
   * Closes an attempt with its end, destroys the sealed verifier and code, and puts it away. A closed one keeps its first end.
   * @param end AttemptEnd of the actor as JSON text.
   * @returns The closed document, or null when there is none in this workspace.
   */
  async close(workspaceId: string, attemptId: string, end: string): Promise<AttemptDocument | null> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const attempt = await this.get(workspaceId, attemptId);
      if (!attempt) return null;
      const closed =
        attempt.status === 'closed'
          ? attempt
          : await this.compareAndSet(attempt, { status: 'closed', end, sealedVerifier: null, sealedCode: null });
      if (closed) return this.putAway(closed);
    }
    throw new HawserError('temporarily_unavailable', 'The attempt is being changed by too many at once.');
  }

  /** Every attempt under way of every workspace, for the rotation of keys: a closed one holds nothing sealed. */
  listForReseal(page: PageWish): Promise<Page<AttemptDocument>> {
    return listPage<AttemptDocument>(this.living, {}, page, FAULT);
  }

  /**
   * Puts a re-sealed box in the place of the old one, if that is still there. The revision stays: a callback that comes at this
   * moment must not be refused for it.
   */
  replaceSealed(
    workspaceId: string,
    attemptId: string,
    field: 'sealedVerifier' | 'sealedCode',
    old: Sealed,
    fresh: Sealed,
  ): Promise<boolean> {
    return compareAndSet(this.living, attemptId, { workspaceId, [field]: old }, { [field]: fresh }, FAULT);
  }

  /** Deletes every attempt of a deleted connection (bounded: repeat until it returns 0). */
  async deleteOfConnection(workspaceId: string, connectionId: string): Promise<number> {
    let deleted = 0;
    for (const model of [this.living, ...(await this.closed.open())]) {
      const { items } = await listPage(model, { workspaceId, connectionId }, { limit: MAX_OF_CONNECTION }, FAULT);
      for (const { _id } of items) await deleteById(model, _id, FAULT);
      deleted += items.length;
    }
    return deleted;
  }

  /** Those under way are few, so that reading them all costs little: on FerretDB each of their steps does the same. */
  private async sweepHourly(): Promise<void> {
    if (performance.now() - this.sweptAt < SWEEP_EVERY_MS) return;
    this.sweptAt = performance.now();
    await this.sweep(await this.now());
  }

  /**
   * Closes attempts that nobody else will close: the actor never heard of them (authorize failed, a gateway died between the two writes).
   * @param now By the database's clock. @returns How many (bounded: at most `SWEPT_AT_ONCE`).
   */
  async sweep(now: number): Promise<number> {
    const { items } = await listPage<AttemptDocument>(this.living, {}, { limit: SWEPT_AT_ONCE }, FAULT);
    const forsaken = items.filter(({ expiresAt }) => expiresAt < now - FORSAKEN_MS);
    for (const { workspaceId, _id, end } of forsaken)
      await this.close(workspaceId, _id, end ?? endOfForsaken(_id, now));
    return forsaken.length;
  }

  /** A crash half way leaves it in both: whoever closes it anew (its activity is repeated) finishes that. */
  private async putAway(attempt: AttemptDocument): Promise<AttemptDocument> {
    const [present] = await this.closed.open();
    await insertOnce(present, attempt, FAULT);
    await deleteById(this.living, attempt._id, FAULT);
    return attempt;
  }
}

const endOfForsaken = (attemptId: string, at: number): string =>
  JSON.stringify({ attemptId, outcome: 'failed', code: 'attempt_expired', at });
