/** What a job still needs of its connections: the steps that have not succeeded. */
import type { ConnectorManifest } from '#connector-sdk/manifest.js';
import type { JobView } from '#workflows/job/messages.js';

export function requirementsLeft(
  job: Pick<JobView, 'steps' | 'bindings'>,
  findManifest: (app: string) => ConnectorManifest | null,
): { used: string[]; requirements: Map<string, string[]> } {
  const used = new Set<string>();
  const requirements = new Map<string, Set<string>>();
  for (const step of job.steps) {
    if (step.status === 'succeeded') continue;
    used.add(step.binding);
    const bound = job.bindings[step.binding];
    if (!bound?.connectionId) continue;
    const keys = requirements.get(bound.connectionId) ?? new Set<string>();
    const action = findManifest(bound.app)?.actions.find(({ name }) => name === step.operation);
    for (const key of action?.requirements ?? []) keys.add(key);
    requirements.set(bound.connectionId, keys);
  }
  return { used: [...used], requirements: new Map([...requirements].map(([id, keys]) => [id, [...keys].sort()])) };
}
