/** Tells an actor that its connection is in use: at most once in six hours for each connection and process (docs/decisions.md, "Leases"). */
import { refKey, type ConnectionRef } from '#domain/connection-ref.js';
import type { ActorPort } from './ports.js';
import { temporalNow } from '../temporal-time.js';

export const USED_EVERY_MS = 6 * 3_600_000;
const CAPACITY = 10_000;

export class UsedSignals {
  private readonly toldAt = new Map<string, number>();

  constructor(
    private readonly actor: Pick<ActorPort, 'used'>,
    private readonly now: () => number = temporalNow,
  ) {}

  /** Returns at once; a signal that fails is sent again at the next use. */
  note(ref: ConnectionRef): void {
    const key = refKey(ref);
    const at = this.now();
    const before = this.toldAt.get(key);
    if (before !== undefined && at - before < USED_EVERY_MS) return;
    this.toldAt.delete(key);
    this.toldAt.set(key, at);
    for (const oldest of this.toldAt.keys()) {
      if (this.toldAt.size <= CAPACITY) break;
      this.toldAt.delete(oldest);
    }
    this.actor.used(ref, at).catch(() => this.toldAt.delete(key));
  }
}
