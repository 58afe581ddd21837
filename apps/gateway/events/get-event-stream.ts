import { Controller, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { QueryOf } from '#contract/endpoint.js';
import { getEventStream } from '#contract/events/get-event-stream.js';
import { HawserError } from '#domain/errors.js';
import { hashApiKey, readBearerKey } from '../http/api-key.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { EventTail } from './event-tail.js';
import { OpenStreams } from './open-streams.js';
import { ServerSentEvents } from './server-sent-events.js';
import { streamEvents } from './stream-events.js';

@Controller()
export class GetEventStream {
  constructor(
    private readonly services: GatewayServices,
    private readonly tail: EventTail,
    private readonly streams: OpenStreams,
  ) {}

  @Route(getEventStream)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Query({ schema: getEventStream.query }) { after, subject, kind }: QueryOf<typeof getEventStream>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const start = lastEventId(request) ?? after;
    reply.header('content-type', 'text/event-stream; charset=utf-8');
    // A proxy that collects answers would hold the events back.
    reply.header('x-accel-buffering', 'no');
    if (request.method === 'HEAD') return void (await reply.send());
    const out = new ServerSentEvents(reply);
    const keyHash = hashApiKey(readBearerKey(request.headers.authorization) ?? '');
    const leave = this.streams.enter({ workspaceId, keyHash, end: (why) => out.end(why) });
    try {
      const head = await this.tail.listen();
      try {
        const { events } = this.services.store;
        const oldest = await events.oldest();
        // Another gateway may be a moment ahead; a position that nobody has taken is not waited for.
        const end = start !== undefined && start > head ? await events.head() : head;
        out.begin();
        await streamEvents(this.tail, out, {
          filter: { workspaceId, subject, kind },
          start: Math.min(start ?? end, end),
          oldest,
        });
      } finally {
        this.tail.leave();
      }
    } finally {
      leave();
    }
  }
}

/** What a reader that comes back has seen last. @throws HawserError `request_invalid` for what was no `id` of ours. */
function lastEventId({ headers }: FastifyRequest): number | undefined {
  const sent = headers['last-event-id'];
  if (sent === undefined || sent === '') return undefined;
  if (typeof sent === 'string' && /^\d{1,15}$/.test(sent)) return Number(sent);
  throw new HawserError(
    'request_invalid',
    'Last-Event-ID is no position of an event: leave it out, or send an id of this stream.',
  );
}
