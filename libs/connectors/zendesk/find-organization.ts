import type { z } from 'zod';
import type { AppContext } from '#connector-sdk/connector.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import { endpoints } from './endpoints.js';
import { organizationsSchema, type organizationSchema } from './guards.js';

/** The organization with this external id, or null. The search by external id is exact and current, unlike the search index. */
export async function findOrganization(
  context: AppContext,
  externalId: string,
): Promise<z.output<typeof organizationSchema> | null> {
  const response = await context.call({
    method: 'GET',
    path: endpoints.searchOrganizations,
    query: { external_id: externalId },
    requirement: 'organizations:read',
  });
  return readAnswer(organizationsSchema, response, 'list of organizations').organizations[0] ?? null;
}
