/** Paths of the Support API below the account's address. */
const API = '/api/v2';

export const endpoints = {
  me: `${API}/users/me`,
  customRoles: `${API}/custom_roles`,
  organizations: `${API}/organizations`,
  createOrUpdateOrganization: `${API}/organizations/create_or_update`,
  searchOrganizations: `${API}/organizations/search`,
  organizationFields: `${API}/organization_fields`,
  ticketFields: `${API}/ticket_fields`,
  userFields: `${API}/user_fields`,
  tickets: `${API}/tickets`,
} as const;

/** The resource that a path addresses: `organizations` of `/api/v2/organizations/12.json`. */
export function resourceOf(path: string): string | null {
  return /\/api\/v2\/([a-z_]+)/.exec(path)?.[1] ?? null;
}
