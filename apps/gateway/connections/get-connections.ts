import { Controller, Query } from '@nestjs/common';
import { getConnections } from '#contract/connections/get-connections.js';
import type { QueryOf, ResponseOf } from '#contract/endpoint.js';
import type { ConnectionDocument } from '#store/documents.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { GLANCE_DEADLINE_MS } from '../temporal/temporal-call.js';
import { countParked, isAnythingParked, NOTHING_PARKED, type ParkedCount } from '../temporal/visibility.js';
import { listedApprovalWarnings } from './approvals.js';
import { connectionOf, projectedView } from './connection-answer.js';

/** Counts at once: visibility is shared by all. */
const COUNTS_AT_ONCE = 8;

@Controller()
export class GetConnections {
  constructor(private readonly services: GatewayServices) {}

  @Route(getConnections)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Query({ schema: getConnections.query }) query: QueryOf<typeof getConnections>,
  ): Promise<ResponseOf<typeof getConnections>> {
    const { limit, cursor, app } = query;
    const { client, store } = this.services;
    const [page, anything] = await Promise.all([
      store.connections.list(workspaceId, { limit, after: cursor ?? null }, app === undefined ? {} : { app }),
      isAnythingParked(client, workspaceId).catch((error: unknown) => this.uncounted(workspaceId, error)),
    ]);
    const parked = await this.countAll(workspaceId, page.items, anything);
    const views = page.items.map(projectedView);
    // Where others stand on another page, nobody can tell from this one: reading a connection by itself does.
    const warned =
      cursor === undefined && page.nextCursor === null ? listedApprovalWarnings(views) : new Map<string, never>();
    const items = page.items.map(({ _id, createdAt }, index) => {
      const item = connectionOf(views[index]!, { createdAt, parked: parked.get(_id) ?? null, stale: false });
      const warnings = warned.get(_id) ?? [];
      return warnings.length > 0 ? { ...item, warnings } : item;
    });
    return { items, nextCursor: page.nextCursor };
  }

  /** A count that fails is left out (`parked: null`): the list itself needs no Temporal. */
  private async countAll(
    workspaceId: string,
    documents: ConnectionDocument[],
    anything: boolean | null,
  ): Promise<Map<string, ParkedCount>> {
    const { client } = this.services;
    const counts = new Map<string, ParkedCount>();
    if (anything === null) return counts;
    if (!anything) return new Map(documents.map(({ _id }) => [_id, NOTHING_PARKED]));
    try {
      const waiting = documents.map(({ _id }) => _id);
      const countNext = async (): Promise<void> => {
        for (let id = waiting.shift(); id !== undefined; id = waiting.shift())
          counts.set(id, await countParked(client, workspaceId, id, GLANCE_DEADLINE_MS));
      };
      await Promise.all(Array.from({ length: COUNTS_AT_ONCE }, countNext));
    } catch (error) {
      this.uncounted(workspaceId, error);
    }
    return counts;
  }

  private uncounted(workspaceId: string, error: unknown): null {
    this.services.log.warn('Parked jobs could not be counted.', { workspaceId, error: String(error) });
    return null;
  }
}
