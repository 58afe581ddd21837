/** The token endpoint's good answer, read tolerantly. Holds secrets: it never leaves the worker's memory unsealed. */
export interface TokenAnswer {
  accessToken: string;
  /** Null when the answer brought none or a blank one: the caller keeps the old one (promise 5). */
  refreshToken: string | null;
  /** Null when absent, null, negative or not readable: the connector's policy decides. */
  expiresInSeconds: number | null;
  refreshExpiresInSeconds: number | null;
  /** As granted; null when the answer does not say (RFC 6749 section 5.1: then as requested). */
  scopes: string[] | null;
  /** Everything else that the app said, without any token. */
  raw: Record<string, unknown>;
  /** When the answer was received (epoch ms); lifetimes count from here. */
  receivedAt: number;
}
