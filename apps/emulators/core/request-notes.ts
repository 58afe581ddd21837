import type { FastifyRequest } from 'fastify';
import type { Fault } from './faults.js';

/** What is learned about a request while it is worked on, for the log. */
export interface RequestNotes {
  username: string | null;
  clientId: string | null;
  accepted: string | null;
  tokenCall: boolean;
  revoked: boolean;
  fault: Fault | undefined;
  didWork: boolean;
  logged: boolean;
}

const notes = new WeakMap<object, RequestNotes>();

export function notesOf(request: FastifyRequest): RequestNotes {
  const known = notes.get(request.raw);
  if (known) return known;
  const fresh: RequestNotes = {
    username: null,
    clientId: null,
    accepted: null,
    tokenCall: false,
    revoked: false,
    fault: undefined,
    didWork: false,
    logged: false,
  };
  notes.set(request.raw, fresh);
  return fresh;
}

/** Whose token came along, alive or dead. */
export function noteOwner(request: FastifyRequest, token: { username: string; clientId: string } | undefined): void {
  if (!token) return;
  notesOf(request).username = token.username;
  notesOf(request).clientId = token.clientId;
}

/** Path and query as they were asked, before any rewriting. */
const originalUrls = new WeakMap<object, string>();

export function rememberUrl(raw: object, url: string): void {
  if (!originalUrls.has(raw)) originalUrls.set(raw, url);
}

export function askedUrl(request: FastifyRequest): string {
  return originalUrls.get(request.raw) ?? request.url;
}
