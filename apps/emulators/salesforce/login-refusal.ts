import type { Policy } from '../core/policy.js';

/** Why the token endpoint lets nobody in, as error and description; null when it does. One word for much that differs. */
export function loginRefusal(policy: Policy): [error: string, description: string] | null {
  if (policy.appAccess === 'blocked') return ['OAUTH_APP_BLOCKED', 'this app has been blocked by an administrator'];
  if (policy.appAccess === 'not_found') return ['app_not_found', 'External client app is not installed in this org'];
  if (policy.appAccess === 'not_approved')
    return ['invalid_app_access', 'user is not admin approved to access this app'];
  if (policy.outsideLoginHours) return ['invalid_grant', 'ip restricted or invalid login hours'];
  if (policy.ipRestricted) return ['invalid_grant', 'ip restricted'];
  return null;
}
