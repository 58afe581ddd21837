/** Notes in the event log what people have done to recipes, jobs and app clients. What is done to a connection its actor tells. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ENDPOINTS } from '#contract/endpoints.js';
import type { EventLog } from '#store/events/event-log.js';

/** `<method> <path>` -> operation id, of what changes something. */
const ACTS: ReadonlyMap<string, string> = new Map<string, string>(
  ENDPOINTS.filter(
    ({ auth, method, path }) => auth === 'key' && method !== 'GET' && !path.startsWith('/v1/connections'),
  ).map(({ method, path, operationId }) => [`${method} ${path}`, operationId] as const),
);

const created = new WeakMap<FastifyRequest, string>();

export function noteActs(fastify: FastifyInstance, eventLog: Pick<EventLog, 'note'>): void {
  // The id of what was made stands in the answer alone.
  fastify.addHook('preSerialization', async (request, _reply, payload) => {
    const { id } = (payload ?? {}) as { id?: unknown };
    if (request.method === 'POST' && typeof id === 'string') created.set(request, id);
    return payload;
  });
  fastify.addHook('onResponse', async (request, reply) => {
    const { workspaceId } = request;
    const operation = ACTS.get(`${request.method} ${request.routeOptions.url ?? ''}`);
    if (operation === undefined || workspaceId === undefined || reply.statusCode >= 300) return;
    const { id: named } = (request.params ?? {}) as { id?: string };
    const subject = named ?? created.get(request);
    if (subject === undefined) return;
    const at = Date.now();
    // A gateway counts nothing: the moment is the number, and where two have the same one takes the next.
    const facts = { operation, status: reply.statusCode };
    const number = { generation: 0, sequence: at, revision: 0 };
    eventLog.note({ workspaceId, subject, ...number, kind: 'person.acted', at, code: null, who: 'person', facts });
  });
}
