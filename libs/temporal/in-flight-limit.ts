/**
 * At most `limit` calls in flight per key; others wait in line. Past ten updates in flight on one actor everything there slows
 * twentyfold (docs/decisions.md, "Update ids").
 */
export class InFlightLimit {
  private readonly lines = new Map<string, { running: number; waiting: (() => void)[] }>();

  constructor(private readonly limit: number) {}

  async run<T>(key: string, call: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? { running: 0, waiting: [] };
    this.lines.set(key, line);
    // Whoever leaves hands its place on, so that nobody overtakes the line.
    if (line.running < this.limit) line.running += 1;
    else await new Promise<void>((resolve) => line.waiting.push(resolve));
    try {
      return await call();
    } finally {
      const next = line.waiting.shift();
      if (next) next();
      else if ((line.running -= 1) === 0) this.lines.delete(key);
    }
  }
}
