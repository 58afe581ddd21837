import '@fastify/cookie';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../core/org.js';
import { randomText } from '../core/random-text.js';
import type { Session, User } from '../core/types.js';

const lifeMs = 12 * 3_600_000;

/** The signed-in person of a browser, by cookie. */
export function sessionOf(org: Org, request: FastifyRequest, cookieName: string): Session | undefined {
  const cookie = request.cookies[cookieName];
  const session = cookie ? org.sessions.get(cookie) : undefined;
  if (!session || session.createdAt + lifeMs <= org.now()) return undefined;
  return org.users.get(session.username)?.active ? session : undefined;
}

export function checkPassword(org: Org, username: string, password: string): User | undefined {
  const user = org.users.get(username.trim().toLowerCase());
  return user?.active && user.password === password ? user : undefined;
}

export function startSession(org: Org, reply: FastifyReply, cookieName: string, user: User): Session {
  const cookie = randomText(64);
  org.secrets.add(cookie);
  const session = org.sessions.set(cookie, { cookie, username: user.username, createdAt: org.now() });
  void reply.setCookie(cookieName, cookie, { path: '/', httpOnly: true, sameSite: 'lax' });
  return session;
}

/** Ties a page's form to its browser's session, so that no other site can send it. */
export function formKey(session: Session, purpose: string): string {
  return createHash('sha256').update(`${session.cookie}/${purpose}`).digest('hex');
}

export function isFormKey(session: Session, purpose: string, given: unknown): boolean {
  const wanted = Buffer.from(formKey(session, purpose));
  const got = Buffer.from(typeof given === 'string' ? given : '');
  return wanted.length === got.length && timingSafeEqual(wanted, got);
}
