import { Controller, Query } from '@nestjs/common';
import type { QueryOf, ResponseOf } from '#contract/endpoint.js';
import { getEvents } from '#contract/events/get-events.js';
import { EventReader } from '#store/events/event-reader.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { eventAnswer, isWanted } from './event-answer.js';

/** Positions that one request looks at: the log is one for all workspaces, and each position is a read of the store. */
const LOOKED_AT = 500;
const PAGE = 50;

@Controller()
export class GetEvents {
  constructor(private readonly services: GatewayServices) {}

  @Route(getEvents)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Query({ schema: getEvents.query }) { after, limit, subject, kind }: QueryOf<typeof getEvents>,
  ): Promise<ResponseOf<typeof getEvents>> {
    const { events } = this.services.store;
    const before = (await events.oldest()) - 1;
    const start = Math.max(after, before);
    const reader = new EventReader(events, start);
    const items: ResponseOf<typeof getEvents>['items'] = [];
    let atEnd = false;
    while (!atEnd && items.length < limit && reader.position - start < LOOKED_AT) {
      const asked = Math.min(PAGE, limit - items.length);
      const from = reader.position;
      const found = await reader.next(asked);
      items.push(...found.filter((event) => isWanted(event, { workspaceId, subject, kind })).map(eventAnswer));
      atEnd = reader.position - from < asked;
    }
    return { items, next: reader.position, atEnd, dropped: after < before };
  }
}
