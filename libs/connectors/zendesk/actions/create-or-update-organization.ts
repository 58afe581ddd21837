/** Creates or updates by external id: idempotent by nature (../README.md, "Data"). Never matched by name. */
import { z } from 'zod';
import type { Action } from '#connector-sdk/connector.js';
import { isAsWished } from '#connector-sdk/is-as-wished.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import { readInput } from '#connector-sdk/read-input.js';
import { endpoints } from '../endpoints.js';
import { findOrganization } from '../find-organization.js';
import { oneOrganizationSchema } from '../guards.js';
import { externalId, organizationFields } from '../organization-input.js';
import { shownOrganization } from '../shown-organization.js';

const inputSchema = z.strictObject({ external_id: externalId, ...organizationFields });

export const createOrUpdateOrganization: Action = {
  async run(context, input) {
    const organization = readInput(inputSchema, input);
    const response = await context.call({
      method: 'POST',
      path: endpoints.createOrUpdateOrganization,
      json: { organization },
      idempotent: true,
      requirement: 'organizations:write',
    });
    const read = readAnswer(oneOrganizationSchema, response, 'organization');
    return { ...shownOrganization(read.organization), created: response.status === 201 };
  },

  /** The external id is compared without case there, so it is the key and no wish. */
  async lookUp(context, input) {
    const { external_id: wanted, ...wished } = readInput(inputSchema, input);
    const found = await findOrganization(context, wanted);
    if (!found || !isAsWished(wished, found)) return null;
    // Nobody has changed it since it was made: then the lost request has made it.
    const created = typeof found.created_at === 'string' && found.created_at === found.updated_at;
    return { ...shownOrganization(found), created };
  },
};
