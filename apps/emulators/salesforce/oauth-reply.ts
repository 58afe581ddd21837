import type { FastifyReply, FastifyRequest } from 'fastify';
import { escapeHtml } from '../core/html-page.js';

type Format = 'json' | 'urlencoded' | 'xml';

/** `format` decides, then Accept, else JSON (saas-apis 2.2). */
function formatOf(request: FastifyRequest): Format {
  const from = (source: unknown): unknown =>
    typeof source === 'object' && source !== null ? (source as Record<string, unknown>).format : undefined;
  const asked = from(request.body) ?? from(request.query);
  if (asked === 'json' || asked === 'urlencoded' || asked === 'xml') return asked;
  const accept = request.headers.accept ?? '';
  if (accept.includes('application/json')) return 'json';
  if (accept.includes('application/x-www-form-urlencoded')) return 'urlencoded';
  return /application\/xml|text\/xml/.test(accept) && !accept.includes('text/html') ? 'xml' : 'json';
}

/** Sends an OAuth object, all values strings, in the format that the client reads. */
export function sendOauth(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  values: Record<string, string | undefined>,
): FastifyReply {
  const present = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined);
  reply.code(status).header('cache-control', 'no-cache, no-store').header('pragma', 'no-cache');
  const format = formatOf(request);
  if (format === 'json')
    return reply.type('application/json;charset=UTF-8').send(JSON.stringify(Object.fromEntries(present)));
  if (format === 'urlencoded')
    return reply.type('application/x-www-form-urlencoded').send(new URLSearchParams(present).toString());
  const rows = present.map(([name, value]) => `<${name}>${escapeHtml(value)}</${name}>`).join('');
  return reply
    .type('application/xml;charset=UTF-8')
    .send(`<?xml version="1.0" encoding="UTF-8"?><OAuth>${rows}</OAuth>`);
}

export function sendOauthError(
  request: FastifyRequest,
  reply: FastifyReply,
  error: string,
  description: string,
): FastifyReply {
  return sendOauth(request, reply, 400, { error, error_description: description });
}
