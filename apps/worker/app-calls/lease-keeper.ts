/**
 * The leases of this process (docs/decisions.md, "Leases"). A lease is kept for at most `leaseMs` from the moment its question was sent, and
 * never past its end; the opened access token lives in it and goes with it. A "no" is never kept: whoever was woken must see the change.
 */
import type { Lease, LeaseYes } from '#domain/lease.js';
import { refKey, type ConnectionRef } from '#domain/connection-ref.js';
import type { ActorPort, OpenAccessToken, OpenedToken } from './ports.js';
import { temporalNow } from '../temporal-time.js';

export interface HeldLease {
  lease: Lease;
  /** Opens the access token on first use; the same promise afterwards. Null: the vault lacks the version. */
  accessToken(): Promise<OpenedToken | null>;
}

export interface LeaseKeeperOptions {
  actor: Pick<ActorPort, 'lease'>;
  openAccessToken: OpenAccessToken;
  /** L: the longest time that a lease is believed, in milliseconds. */
  leaseMs?: number;
  capacity?: number;
  now?: () => number;
}

interface Entry {
  held: HeldLease;
  version: number;
  /** From this moment (epoch ms) it is not believed any more. */
  endsAt: number;
}

/** A question that is under way. */
interface Flight {
  askedAt: number;
  answer: Promise<HeldLease>;
}

export class LeaseKeeper {
  private readonly entries = new Map<string, Entry>();
  private readonly flights = new Map<string, Flight>();
  private readonly sweeper: NodeJS.Timeout;
  private readonly leaseMs: number;
  private readonly capacity: number;
  private readonly now: () => number;

  constructor(private readonly options: LeaseKeeperOptions) {
    this.leaseMs = options.leaseMs ?? 30_000;
    this.capacity = options.capacity ?? 1_000;
    this.now = options.now ?? temporalNow;
    // An opened token of a connection that nobody asks for any more must not stay in memory.
    this.sweeper = setInterval(() => this.sweep(), this.leaseMs).unref();
  }

  /** The lease of a connection: a kept one, or the actor's answer (one question at a time for each connection). */
  async get(ref: ConnectionRef): Promise<HeldLease> {
    const key = refKey(ref);
    const entry = this.entries.get(key);
    if (entry && this.now() < entry.endsAt) {
      this.touch(key, entry);
      return entry.held;
    }
    if (entry) this.entries.delete(key);
    const running = this.flights.get(key);
    if (running) return running.answer;
    const flight: Flight = { askedAt: this.now(), answer: this.ask(ref) };
    this.flights.set(key, flight);
    return this.land(key, flight);
  }

  /** The app has rejected this version (or it is spent): drops it, and the answer of any question asked before now. */
  reject(ref: ConnectionRef, version: number): void {
    const key = refKey(ref);
    this.flights.delete(key);
    const entry = this.entries.get(key);
    if (entry && entry.version <= version) this.entries.delete(key);
  }

  /** How many leases are held. */
  get size(): number {
    return this.entries.size;
  }

  /** Forgets everything. */
  close(): void {
    clearInterval(this.sweeper);
    this.entries.clear();
    this.flights.clear();
  }

  /** Keeps the answer, unless the connection was rejected in the meantime: then it may be older than the rejection. */
  private async land(key: string, flight: Flight): Promise<HeldLease> {
    try {
      const held = await flight.answer;
      if (this.flights.get(key) === flight && held.lease.kind === 'yes')
        this.keep(key, held, held.lease, flight.askedAt);
      return held;
    } finally {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    }
  }

  private async ask(ref: ConnectionRef): Promise<HeldLease> {
    const lease = await this.options.actor.lease(ref);
    let token: Promise<OpenedToken | null> | undefined;
    return {
      lease,
      accessToken: () => {
        if (lease.kind === 'no') return Promise.resolve(null);
        token ??= this.options.openAccessToken(ref, lease.version).catch((error: unknown) => {
          token = undefined;
          throw error;
        });
        return token;
      },
    };
  }

  private keep(key: string, held: HeldLease, lease: LeaseYes, askedAt: number): void {
    const endsAt = Math.min(askedAt + this.leaseMs, lease.goodUntil ?? Number.POSITIVE_INFINITY);
    if (endsAt <= this.now()) return;
    this.touch(key, { held, version: lease.version, endsAt });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.capacity) break;
      this.entries.delete(oldest);
    }
  }

  /** Moves it to the young end of the map: the old end is dropped first. */
  private touch(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
  }

  private sweep(): void {
    const now = this.now();
    for (const [key, entry] of this.entries) if (entry.endsAt <= now) this.entries.delete(key);
  }
}
