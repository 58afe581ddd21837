/** A token endpoint and an API, in memory, as vendors really behave: rotating or not, strict or with a grace window. */
import { TokenFailure, type TokenFailureKind } from '#auth/token-failure.js';
import type { RefreshPolicy } from '#domain/refresh-policy.js';

export interface ProviderKind {
  rotates: boolean;
  graceMs: number;
  reuse: RefreshPolicy['reuse'];
  /** The answer says `expires_in`. */
  saysExpiry: boolean;
  oldAccessTokenDies: boolean;
}

export interface Tokens {
  accessToken: string;
  refreshToken: string | null;
}

interface Family {
  alive: boolean;
  /** Refresh tokens -> moment of first use; null = unused. */
  refreshTokens: Map<string, number | null>;
  accessTokens: Map<string, { until: number }>;
}

export const ACCESS_LIFE_MS = 3_600_000;

export class ModelProvider {
  private count = 0;
  private readonly families: Family[] = [];
  /** Requests that came in at the token endpoint, whatever became of them. */
  tokenRequests = 0;
  /** Times that the app said "no": `invalid_grant`, or a rejected access token. */
  evidence = 0;

  constructor(
    readonly kind: ProviderKind,
    private readonly now: () => number,
  ) {}

  /** A consent: a new family. */
  grant(): Tokens {
    const family: Family = { alive: true, refreshTokens: new Map(), accessTokens: new Map() };
    this.families.push(family);
    return this.mint(family, true);
  }

  /** Does the work of one token request. Throws TokenFailure `dead` for what it does not honour. */
  refresh(refreshToken: string): Tokens {
    this.tokenRequests += 1;
    const family = this.familyOf(refreshToken);
    const usedAt = family?.refreshTokens.get(refreshToken);
    if (!family?.alive || usedAt === undefined) return this.refuse();
    if (!this.kind.rotates) return this.mint(family, false);
    if (usedAt !== null && this.now() - usedAt >= this.kind.graceMs) {
      if (this.kind.reuse === 'kills_family') family.alive = false;
      return this.refuse();
    }
    if (usedAt === null) family.refreshTokens.set(refreshToken, this.now());
    if (this.kind.oldAccessTokenDies) family.accessTokens.clear();
    return this.mint(family, true);
  }

  /** Calls the API. */
  accepts(accessToken: string): boolean {
    const good = this.honoursAccess(accessToken);
    if (!good) this.evidence += 1;
    return good;
  }

  honoursAccess(accessToken: string): boolean {
    const family = this.families.find(({ accessTokens }) => accessTokens.has(accessToken));
    return family !== undefined && family.alive && family.accessTokens.get(accessToken)!.until > this.now();
  }

  /** Would a renewal with this token succeed now? */
  honoursRefresh(refreshToken: string): boolean {
    const family = this.familyOf(refreshToken);
    const usedAt = family?.refreshTokens.get(refreshToken);
    if (!family?.alive || usedAt === undefined) return false;
    return !this.kind.rotates || usedAt === null || this.now() - usedAt < this.kind.graceMs;
  }

  /** The user revokes at the app. */
  revokeAll(): void {
    for (const family of this.families) family.alive = false;
  }

  /** The user's password was changed: refresh tokens die, access tokens live to their end. */
  killRefreshTokens(): void {
    for (const family of this.families) family.refreshTokens.clear();
  }

  /** Would presenting it cost an access token that still lives for more than so long? */
  wouldHarm(refreshToken: string, accessToken: string, leftMs: number): boolean {
    const family = this.familyOf(refreshToken);
    const until = family?.accessTokens.get(accessToken)?.until ?? 0;
    return (
      this.kind.reuse === 'kills_family' &&
      family?.alive === true &&
      !this.honoursRefresh(refreshToken) &&
      until - this.now() > leftMs
    );
  }

  revoke(refreshToken: string | null): void {
    const family = refreshToken === null ? undefined : this.familyOf(refreshToken);
    if (family) family.alive = false;
  }

  /** Some refresh token is honoured still. */
  get anyAlive(): boolean {
    return this.families.some(({ refreshTokens }) =>
      [...refreshTokens.keys()].some((token) => this.honoursRefresh(token)),
    );
  }

  private familyOf(refreshToken: string): Family | undefined {
    return this.families.find(({ refreshTokens }) => refreshTokens.has(refreshToken));
  }

  private refuse(): never {
    this.evidence += 1;
    throw tokenFailure('dead', false);
  }

  private mint(family: Family, withRefreshToken: boolean): Tokens {
    this.count += 1;
    const accessToken = `access-${this.count}`;
    family.accessTokens.set(accessToken, { until: this.now() + ACCESS_LIFE_MS });
    if (!withRefreshToken) return { accessToken, refreshToken: null };
    const refreshToken = `refresh-${this.count}`;
    family.refreshTokens.set(refreshToken, null);
    return { accessToken, refreshToken };
  }
}

export function tokenFailure(kind: TokenFailureKind, mayHaveBeenProcessed: boolean): TokenFailure {
  const code = kind === 'dead' ? 'grant_revoked' : kind === 'client' ? 'client_rejected' : 'token_endpoint_unavailable';
  return new TokenFailure({ kind, code, message: kind, mayHaveBeenProcessed, evidence: { at: 0 } });
}
