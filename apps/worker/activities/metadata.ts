/** Design-time metadata through a connection, kept for a minute: a form asks the same thing again and again. */
import type { Logger } from '#telemetry/logger.js';
import type { MetadataActivities } from '#workflows/metadata/activities.js';
import type { MetadataInput, MetadataResult } from '#workflows/metadata/messages.js';
import { HawserError } from '#domain/errors.js';
import type { OpenSession } from '../app-calls/app-caller.js';
import type { AppCalls } from '../app-calls/create-app-calls.js';
import { toFailure } from '../app-calls/to-failure.js';
import { temporalNow } from '../temporal-time.js';
import { boundedMetadata } from './metadata-bounds.js';

const KEPT_MS = 60_000;
const KEPT = 200;

export interface MetadataActivityDeps {
  calls: Pick<AppCalls, 'caller'>;
  logger: Pick<Logger, 'error'>;
  now?: () => number;
}

export function createMetadataActivities(deps: MetadataActivityDeps): MetadataActivities {
  const kept = new Map<string, { until: number; result: MetadataResult }>();
  const now = deps.now ?? temporalNow;

  async function answer(input: MetadataInput): Promise<MetadataResult> {
    const session = await deps.calls.caller.open(input);
    // By credential version: another user, or another instance, never sees what this one was shown.
    const key = JSON.stringify([
      input.workspaceId,
      input.connectionId,
      session.version(),
      input.kind,
      input.name,
      Object.entries(input.parameters).sort(([one], [other]) => (one < other ? -1 : 1)),
    ]);
    const before = kept.get(key);
    if (before && before.until > now()) return before.result;
    const result = { ...boundedMetadata(await ask(session, input)), at: now(), version: session.version() };
    kept.delete(key);
    kept.set(key, { until: now() + KEPT_MS, result });
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    return result;
  }

  return {
    readMetadata: async (input) => {
      try {
        return await answer(input);
      } catch (error) {
        if (!(error instanceof HawserError))
          deps.logger.error({ error, connectionId: input.connectionId }, 'Metadata could not be read.');
        throw toFailure(error, { connectionId: input.connectionId });
      }
    },
  };
}

async function ask(
  { connector, context }: OpenSession,
  { kind, name, parameters }: MetadataInput,
): Promise<Pick<MetadataResult, 'items' | 'object'>> {
  switch (kind) {
    case 'objects':
      return { items: await connector.objects(context) };
    case 'object':
      return { object: { ...(await connector.object(context, name)) } };
    case 'picklist':
      return { items: await connector.picklist(context, name, parameters) };
  }
}
