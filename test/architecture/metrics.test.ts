/** docs/metrics.md and the code have the same metrics; what they show is counted truly, and never an old number for a present one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEvents } from '#telemetry/events.js';
import { createLogger } from '#telemetry/logger.js';
import { createMetrics } from '#telemetry/metrics.js';
import { addStateGauges } from '../../apps/worker/state-gauges.js';

const PAGE = readFileSync(join(__dirname, '..', '..', 'docs', 'metrics.md'), 'utf8');

function withGauges(count: (query: string) => Promise<{ count: number }>) {
  const metrics = createMetrics({ service: 'worker', processMetrics: false });
  addStateGauges(metrics, { workflow: { count }, withDeadline: (_: number, work: () => unknown) => work() } as never);
  return metrics;
}

test('each metric of ours has its row, with its labels, and each row is a metric', async () => {
  const metrics = withGauges(async () => ({ count: 1 }));
  const inCode = (await metrics.registry.getMetricsAsJSON()).map(({ name }) => name);
  const rows = [...PAGE.matchAll(/^\| `(hawser_\w+)` \| .* \| .+ \| .+ \| .+ \|$/gm)].map(([, name]) => name);
  expect(new Set(rows)).toEqual(new Set(inCode));
  expect(rows).toHaveLength(inCode.length);
});

test('the page shows states, what waits, and renewals by outcome', async () => {
  const metrics = withGauges(async (query) => ({
    count: /'invalid'/.test(query) ? 3 : /IS NOT NULL/.test(query) ? 7 : 0,
  }));
  const events = createEvents(createLogger({ service: 'worker', write: () => undefined }), metrics);
  const facts = { workspaceId: 'ws', connectionId: 'con', app: 'zendesk', version: 2 };
  events.connectionRefreshed({ ...facts, adopted: false });
  events.refreshFailed({ ...facts, code: 'grant_revoked' });
  const { text } = await metrics.page();
  expect(text).toContain('hawser_connections{state="invalid",service="worker"} 3');
  expect(text).toContain('hawser_parked{kind="job",service="worker"} 7');
  expect(text).toContain('hawser_renewals_total{app="zendesk",outcome="renewed",service="worker"} 1');
  expect(text).toContain('hawser_renewals_total{app="zendesk",outcome="failed",service="worker"} 1');
  expect(text).not.toMatch(/"ws"|"con"/);
});

test('while Temporal is away no state is shown', async () => {
  const { text } = await withGauges(async () => Promise.reject(new Error('away'))).page();
  expect(text).not.toMatch(/^hawser_(connections|parked)\{/m);
});
