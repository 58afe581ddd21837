import type { JobView } from '#workflows/job/messages.js';
import { glanceAtConnection } from '../connections/read-connection.js';
import type { GatewayServices } from '../ports.js';
import type { RerunTarget } from './plan-rerun.js';

/** Which org, account or site the connections of a job and of its rerun lead to; null for one that is gone or was never authorized. */
export async function instancesOf(
  services: GatewayServices,
  { workspaceId, steps }: JobView,
  { bindings }: RerunTarget,
): Promise<(connectionId: string) => string | null> {
  const ids = [...steps, ...Object.values(bindings)].flatMap(({ connectionId }) => connectionId ?? []);
  const instances = new Map<string, string | null>();
  await Promise.all(
    [...new Set(ids)].map(async (id) => {
      instances.set(id, await instanceOf(services, workspaceId, id));
    }),
  );
  return (connectionId) => instances.get(connectionId) ?? null;
}

async function instanceOf(services: GatewayServices, workspaceId: string, id: string): Promise<string | null> {
  try {
    return (await glanceAtConnection(services, workspaceId, id)).view.instance?.id ?? null;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'not_found') return null;
    throw error;
  }
}
