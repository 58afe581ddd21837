/** Tokens that name an attempt: connect link and `state`. `<attemptId>.<32 random bytes>`; only hashes are stored. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isId } from '#domain/ids.js';

export interface AttemptToken {
  token: string;
  hash: string;
}

export function mintAttemptToken(attemptId: string): AttemptToken {
  const token = `${attemptId}.${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashToken(token) };
}

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The attempt that a token names, before anything of it is believed; null when it has another form. */
export function attemptIdOf(token: string): string | null {
  const [attemptId = '', secret = '', ...rest] = token.split('.');
  return rest.length === 0 && isId('attempt', attemptId) && /^[A-Za-z0-9_-]{43}$/.test(secret) ? attemptId : null;
}

/** Whether a token has this stored hash; takes the same time wherever they differ. */
export function matchesHash(token: string, hash: string | null): boolean {
  if (hash === null) return false;
  const [own, stored] = [Buffer.from(hashToken(token), 'hex'), Buffer.from(hash, 'hex')];
  return own.length === stored.length && timingSafeEqual(own, stored);
}
