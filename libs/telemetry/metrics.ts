/** Metrics in the form of Prometheus. Labels are bounded: apps, codes, states; never ids. */
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

export interface Metrics {
  registry: Registry;
  /** Business events, by name, app and error code (empty where an event has none). */
  events: Counter<'event' | 'app' | 'code'>;
  /** Renewals by app and outcome: `renewed`, `failed`, `answer_lost`. */
  renewals: Counter<'app' | 'outcome'>;
  /** How long a worker waits for an actor's answer to "may I?", in seconds. A kept lease asks nobody. */
  leaseQuestions: Histogram;
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
  const renewals = new Counter({
    name: 'hawser_renewals_total',
    help: 'Renewals of credentials by app and outcome.',
    labelNames: ['app', 'outcome'],
    registers: [registry],
  });
  const leaseQuestions = new Histogram({
    name: 'hawser_lease_question_seconds',
    help: 'Time until a connection actor has answered a question for a lease.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    registry,
    events,
    renewals,
    leaseQuestions,
    page: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
