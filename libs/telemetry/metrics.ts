/** Metrics in the form of Prometheus. Labels are bounded: apps, codes, states; never ids. */
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';

export interface Metrics {
  registry: Registry;
  /** Business events, by name, app and error code (empty where an event has none). */
  events: Counter<'event' | 'app' | 'code'>;
  /** The page that Prometheus reads, and its content type. */
  page(): Promise<{ contentType: string; text: string }>;
}

/** Makes the registry of a process. Nothing global: several may live in one test process. */
export function createMetrics({
  service,
  processMetrics = true,
}: {
  service: string;
  processMetrics?: boolean;
}): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const events = new Counter({
    name: 'hawser_events_total',
    help: 'Business events by name, app and error code.',
    labelNames: ['event', 'app', 'code'],
    registers: [registry],
  });
  return {
    registry,
    events,
    page: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
