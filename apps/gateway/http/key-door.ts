/**
 * Who may come in with an API key. Each known key has a budget of its own. A key that nobody knows yet is charged to the address that
 * sent it, before it is looked up: made-up keys use up neither other callers' turns nor the store.
 */
import { createRateLimit, takeTurn, tooManyRequests, type RateLimit } from './rate-limit.js';

export interface KeySource {
  /** Workspace of a stored key, by the key's hash; null when there is none. */
  find(hash: string): Promise<string | null>;
  /** The hashes of all keys, or of the first many thousands. */
  list(): Promise<string[]>;
}

/** Look-ups for unknown keys, of all addresses together: so many times those of one. */
const ALL_ADDRESSES = 10;
/** An address that is over its budget may still be that of an honest caller: its key is compared with a list, read so often at most. */
const LIST_EVERY_MS = 5_000;

export class KeyDoor {
  /** Hashes of keys that were found: as many as there are in the store. */
  private readonly known = new Set<string>();
  private readonly callers: RateLimit;
  private readonly strangers: RateLimit;
  private readonly lookUps: RateLimit;
  private listed: { at: number; hashes: Promise<ReadonlySet<string>> } | null = null;

  constructor(
    private readonly source: KeySource,
    perMinute: number,
  ) {
    this.callers = createRateLimit(perMinute, Number.POSITIVE_INFINITY);
    this.strangers = createRateLimit(perMinute);
    this.lookUps = createRateLimit(perMinute * ALL_ADDRESSES, 1);
  }

  /** The workspace of a key, or null. @throws HawserError `too_many_requests` */
  async admit(hash: string, address: string, now: number): Promise<string | null> {
    const wasKnown = this.known.has(hash);
    if (wasKnown) takeTurn(this.callers, hash, now);
    else await this.allowLookUp(hash, address, now);
    // Looked up each time: a key that was taken out of force is refused at once.
    const workspaceId = await this.source.find(hash);
    if (workspaceId === null) {
      this.known.delete(hash);
      return null;
    }
    this.known.add(hash);
    if (!wasKnown) takeTurn(this.callers, hash, now);
    return workspaceId;
  }

  /** A request without a key of our form. @throws HawserError `too_many_requests` */
  turnAway(address: string, now: number): void {
    takeTurn(this.strangers, address, now);
  }

  private async allowLookUp(hash: string, address: string, now: number): Promise<void> {
    const waitMs = this.strangers.take(address, now) || this.lookUps.take('all', now);
    if (waitMs > 0 && !(await this.isListed(hash, now))) throw tooManyRequests(waitMs);
  }

  private async isListed(hash: string, now: number): Promise<boolean> {
    if (this.listed === null || now - this.listed.at >= LIST_EVERY_MS) {
      const hashes = this.source.list().then(
        (all) => new Set(all),
        () => new Set<string>(),
      );
      this.listed = { at: now, hashes };
    }
    return (await this.listed.hashes).has(hash);
  }
}
