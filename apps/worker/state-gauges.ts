/** How many connections are in each state, and how much waits for them: counted by Temporal's visibility when Prometheus asks. */
import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import { addCountedGauge } from '#telemetry/counted-gauge.js';
import type { Metrics } from '#telemetry/metrics.js';
import { CONNECTION_WORKFLOW } from '#workflows/connection/messages.js';
import { JOB_WORKFLOW } from '#workflows/job/messages.js';
import { RECIPE_WORKFLOW } from '#workflows/recipe/messages.js';
import { deadlineIn } from './deadline-in.js';

const STATES = ['draft', 'connected', 'degraded', 'invalid', 'disconnected'] as const;
const ASK_MS = 2_000;

/** Every worker shows the same numbers: take the greatest, never the sum. */
export function addStateGauges(
  metrics: Pick<Metrics, 'registry'>,
  client: Pick<Client, 'workflow' | 'withDeadline'>,
): void {
  const count = async (type: string, also: string): Promise<number> => {
    const query = `WorkflowType = '${type}' AND ${also} AND ExecutionStatus = 'Running'`;
    return (await client.withDeadline(deadlineIn(ASK_MS), () => client.workflow.count(query))).count;
  };
  addCountedGauge(metrics, {
    name: 'hawser_connections',
    help: 'Connections by state.',
    label: 'state',
    count: async () => {
      const counts: Record<string, number> = {};
      for (const state of STATES)
        counts[state] = await count(CONNECTION_WORKFLOW, `${SEARCH_ATTRIBUTE.status} = '${state}'`);
      return counts;
    },
  });
  const waiting = `${SEARCH_ATTRIBUTE.waitingFor} IS NOT NULL`;
  addCountedGauge(metrics, {
    name: 'hawser_parked',
    help: 'Jobs and recipes that wait for a connection.',
    label: 'kind',
    count: async () => ({
      job: await count(JOB_WORKFLOW, waiting),
      recipe: await count(RECIPE_WORKFLOW, waiting),
    }),
  });
}
