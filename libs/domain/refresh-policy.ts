/**
 * How an app's tokens live and die, as data per connector (docs/decisions.md, "Rotation").
 * All times in milliseconds.
 */
export interface RefreshPolicy {
  /** Does each renewal bring a new refresh token? `maybe`: the org decides (Salesforce RTR). */
  rotates: 'always' | 'maybe' | 'never';
  /** How long the previous refresh token still works after a renewal; 0 = strict. */
  graceMs: number;
  /** What presenting a used refresh token does. */
  reuse: 'kills_family' | 'rejected' | 'harmless';
  /** Life of an access token when the answer has no `expires_in`; null = unknown, wait for the app to reject it. */
  accessTokenLifetimeMs: number | null;
  /** The refresh token dies when unused for so long; null = never or unknown. The answer's own figure wins. */
  refreshTokenIdleMs: number | null;
  /** The grant dies so long after consent whatever is done; null = never or unknown. */
  grantLifetimeMs: number | null;
  /** A version younger than this is verified, never refreshed. */
  earliestUsefulRefreshMs: number;
  /** Renew a connection in use so long before the access token's end (at most a third of its life is taken). */
  marginMs: number;
  /** Do requests under way with the old access token fail after a renewal? */
  oldAccessTokenDies: boolean;
  /** Revoke the old grant at the app after another one has taken its place? */
  revokeOldGrantAfterSwap: boolean;
}
