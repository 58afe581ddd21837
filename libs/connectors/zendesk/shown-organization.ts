import type { z } from 'zod';
import type { organizationSchema } from './guards.js';

/** What the steps after see of an organization. */
export function shownOrganization(organization: z.output<typeof organizationSchema>): Record<string, unknown> {
  const { id, name, external_id: externalId = null, updated_at: updatedAt = null } = organization;
  return { id, name, external_id: externalId, updated_at: updatedAt };
}
