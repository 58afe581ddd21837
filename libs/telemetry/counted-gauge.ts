/** A gauge whose values are counted when Prometheus asks, and believed for a while. */
import { Gauge } from 'prom-client';
import type { Metrics } from './metrics.js';

/** Counting costs a few questions to Temporal, which allows ten a second by default: so long an answer serves, whoever scrapes. */
const BELIEVED_MS = 30_000;

export interface CountedGauge {
  name: string;
  help: string;
  label: string;
  /** The numbers by the label's values. When it throws, the gauge shows nothing: an old number would be taken for a present one. */
  count(): Promise<Readonly<Record<string, number>>>;
  now?: () => number;
}

export function addCountedGauge({ registry }: Pick<Metrics, 'registry'>, options: CountedGauge): void {
  const { name, help, label, count, now = Date.now } = options;
  let askedAt = Number.NEGATIVE_INFINITY;
  const gauge: Gauge = new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    async collect() {
      if (now() - askedAt < BELIEVED_MS) return;
      askedAt = now();
      const counts = await count().catch(() => ({}));
      gauge.reset();
      for (const [value, number] of Object.entries(counts)) gauge.set({ [label]: value }, number);
    },
  });
}
