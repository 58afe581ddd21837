import { Controller, Param, Query } from '@nestjs/common';
import { getTimeline } from '#contract/connections/get-timeline.js';
import type { ParamsOf, QueryOf, ResponseOf } from '#contract/endpoint.js';
import { readTimeline } from '#store/events/read-timeline.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { findConnection } from './read-connection.js';

@Controller()
export class GetTimeline {
  constructor(private readonly services: GatewayServices) {}

  @Route(getTimeline)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: getTimeline.params }) { id }: ParamsOf<typeof getTimeline>,
    @Query({ schema: getTimeline.query }) { limit, cursor }: QueryOf<typeof getTimeline>,
  ): Promise<ResponseOf<typeof getTimeline>> {
    const { state, generation } = await findConnection(this.services, workspaceId, id);
    const { happenings: count = 0 } = JSON.parse(state) as Pick<ConnectionState, 'happenings'>;
    const { items, next } = await readTimeline(this.services.store.events, {
      subject: id,
      workspaceId,
      generation,
      count,
      limit,
      ...(cursor !== undefined && { before: Number(cursor) }),
    });
    return {
      items: items.map((event) => ({ ...event, facts: { ...event.facts } })),
      nextCursor: next === null ? null : String(next),
    };
  }
}
