const known = new Set(
  `api web full refresh_token offline_access openid id profile email address phone chatter_api visualforce lightning content
  custom_permissions wave_api eclair_api pardot_api cdp_query_api cdp_profile_api cdp_ingest_api sfap_api mcp_api scrt_api chatbot_api
  interaction_api user_registration_api forgot_password einstein_gpt_api`.split(/\s+/),
);

/** What an app gets that names no scope: all that it is registered for. */
export const appScopes = ['id', 'profile', 'email', 'api', 'web', 'refresh_token', 'openid'];

/** The scopes of a request, normalised; undefined when one of them does not exist. */
export function parseScopes(text: string | undefined): string[] | undefined {
  const asked = (text ?? '').split(/\s+/).filter(Boolean);
  if (asked.length === 0) return appScopes;
  if (asked.some((scope) => !known.has(scope))) return undefined;
  // offline_access is another word for refresh_token; answers say refresh_token.
  return [...new Set(asked.map((scope) => (scope === 'offline_access' ? 'refresh_token' : scope)))];
}

/** `full` does not include refresh_token (saas-apis 2.2). */
export function mayRefresh(scopes: string[]): boolean {
  return scopes.includes('refresh_token');
}

export function mayUseApi(scopes: string[]): boolean {
  return scopes.includes('api') || scopes.includes('full');
}
