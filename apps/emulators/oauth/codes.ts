import { createHash } from 'node:crypto';
import type { Org } from '../core/org.js';
import type { AuthorizationCode } from '../core/types.js';

export type CodeWish = Pick<
  AuthorizationCode,
  'clientId' | 'username' | 'redirectUri' | 'scopes' | 'challenge' | 'nonce'
>;

export function issueCode(org: Org, wish: CodeWish): AuthorizationCode {
  const code = org.tokenShapes.code();
  org.secrets.add(code);
  const issuedAt = org.now();
  return org.codes.set(code, {
    ...wish,
    code,
    issuedAt,
    expiresAt: issuedAt + org.policy.codeTtlSeconds * 1_000,
    usedAt: null,
  });
}

export interface CodeAnswer {
  code: string;
  clientId: string;
  redirectUri: string | undefined;
  verifier: string | undefined;
}

export type CodeFailure =
  'unknown' | 'used' | 'expired' | 'redirect_uri' | 'verifier_missing' | 'verifier_unasked' | 'verifier_wrong';

/** Redeems a code once; a failed try spends it too, so that a stolen code allows no guessing of the verifier. */
export function redeemCode(org: Org, answer: CodeAnswer): AuthorizationCode | CodeFailure {
  const row = org.codes.get(answer.code);
  if (!row || row.clientId !== answer.clientId) return 'unknown';
  if (row.usedAt !== null) return 'used';
  if (row.expiresAt <= org.now()) return 'expired';
  org.codes.set(row.code, { ...row, usedAt: org.now() });
  if (answer.redirectUri !== row.redirectUri) return 'redirect_uri';
  if (row.challenge !== null && !answer.verifier) return 'verifier_missing';
  if (row.challenge === null && answer.verifier) return 'verifier_unasked';
  if (row.challenge !== null && answer.verifier && challengeOf(answer.verifier) !== row.challenge)
    return 'verifier_wrong';
  return row;
}

/** RFC 7636, 4.2: S256. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier, 'ascii').digest('base64url');
}
