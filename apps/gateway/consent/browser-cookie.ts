/** The cookie that binds an attempt to the browser that pressed the button (RFC 6749 section 10.12; AS-10). */
import { randomBytes } from 'node:crypto';

/** One cookie per attempt: two connections may be authorized side by side. */
export const cookieName = (attemptId: string): string => `hawser_${attemptId}`;

export const mintCookieValue = (): string => randomBytes(32).toString('base64url');

/**
 * How long the cookie is kept once its attempt is answered: the page may be loaded again. Not longer: the cookies of a hundred
 * consents outgrow the 8 KB of headers that a usual proxy takes.
 */
export const ANSWERED_COOKIE_MS = 5 * 60_000;

/** SameSite=Lax: it must come along when the app sends the browser back by a top-level GET, and never otherwise. */
export function setCookieHeader(
  attemptId: string,
  value: string,
  { publicUrl, maxAgeMs }: { publicUrl: string; maxAgeMs: number },
): string {
  const secure = new URL(publicUrl).protocol === 'https:';
  const maxAge = Math.max(1, Math.ceil(maxAgeMs / 1000));
  return `${cookieName(attemptId)}=${value}; Path=/oauth/callback; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

/** The value of a cookie; null when it is absent, or came twice (then some other site may have set one of them). */
export function readCookie(header: string | undefined, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? (values[0] ?? null) : null;
}
