/** Which documented answers were seen. */
import type { Operation } from './openapi-operations.js';

export class StatusCoverage {
  private readonly seen = new Map<string, Set<number>>();
  /** Status -> how often. */
  readonly counts: Record<string, number> = {};

  note(operation: Operation | null, status: number): void {
    this.counts[status] = (this.counts[status] ?? 0) + 1;
    if (!operation) return;
    const known = this.seen.get(operation.id) ?? new Set();
    this.seen.set(operation.id, known.add(status));
  }

  /** `operation status` of every documented answer that nobody got. */
  unseen(operations: Operation[]): string[] {
    return operations.flatMap(({ id, answers }) =>
      [...answers.keys()].filter((status) => !this.seen.get(id)?.has(status)).map((status) => `${id} ${status}`),
    );
  }

  get pairs(): number {
    return [...this.seen.values()].reduce((sum, statuses) => sum + statuses.size, 0);
  }
}
