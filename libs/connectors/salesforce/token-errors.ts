/** What Salesforce's token endpoint means by its errors, as data. The same word stands for a dead grant and for much that passes (2.4). */
import type { TokenErrorRule } from '#connector-sdk/manifest.js';

/** "user hasn't approved this consumer" is not among them: a user who agrees once more has approved it. */
export const salesforceTokenErrors: TokenErrorRule[] = [
  // One request for each refresh token at a time; the lock is gone in moments.
  { words: ['invalid_grant'], says: ['already being processed'], means: 'busy' },
  { words: ['invalid_grant'], says: ['ip restricted', 'login hours'], means: 'network_or_hours' },
  { words: ['invalid_grant'], says: ['login hours'], means: 'hours' },
  { words: ['invalid_grant'], says: ['ip restricted'], means: 'network' },
  { words: ['invalid_grant'], says: ['ip range'], means: 'network' },
  { words: ['invalid_grant'], says: ['ip address'], means: 'network' },
  { words: ['invalid_grant'], says: ['restricted ip'], means: 'network' },
  { words: ['invalid_grant'], says: ['restricted hours'], means: 'hours' },
  { words: ['invalid_grant', 'access_denied', 'unauthorized_client'], says: ['blocked by'], means: 'blocked' },
  { words: ['invalid_grant', 'access_denied', 'unauthorized_client'], says: ['app is blocked'], means: 'blocked' },
  { words: ['invalid_grant', 'access_denied', 'unauthorized_client'], says: ['been blocked'], means: 'blocked' },
  { words: ['invalid_grant', 'access_denied', 'unauthorized_client'], says: ['admin approved'], means: 'blocked' },
  { words: ['invalid_grant', 'access_denied', 'unauthorized_client'], says: ['not installed'], means: 'blocked' },
  { words: ['invalid_grant', 'access_denied', 'unauthorized_client'], says: ['must be installed'], means: 'blocked' },
  {
    words: [
      'oauth_app_blocked',
      'app_blocked',
      'app_not_found',
      'oauth_ec_app_not_found',
      'invalid_app_access',
      'oauth_app_access_denied',
      'app_not_installed',
      'oauth_approval_error_generic',
    ],
    means: 'blocked',
  },
];
