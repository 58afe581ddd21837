/** Creates an organization. Not idempotent: Idempotency-Key exists for tickets only (../README.md, "Data"). */
import { z } from 'zod';
import type { Action } from '#connector-sdk/connector.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import { readInput } from '#connector-sdk/read-input.js';
import { HawserError } from '#domain/errors.js';
import { endpoints } from '../endpoints.js';
import { findOrganization } from '../find-organization.js';
import { oneOrganizationSchema } from '../guards.js';
import { externalId, organizationFields } from '../organization-input.js';
import { shownOrganization } from '../shown-organization.js';

const inputSchema = z.strictObject({ external_id: externalId.optional(), ...organizationFields });

export const createOrganization: Action = {
  async run(context, input) {
    const organization = readInput(inputSchema, input);
    const response = await context.call({
      method: 'POST',
      path: endpoints.organizations,
      json: { organization },
      idempotent: false,
      requirement: 'organizations:write',
    });
    return shownOrganization(readAnswer(oneOrganizationSchema, response, 'organization').organization);
  },

  canLookUp: (input) => input.external_id !== undefined,

  /** By the external id, if the input has one; else it cannot be told (throws `outcome_unknown`): names can be changed by hand. */
  async lookUp(context, input) {
    const { external_id: wanted } = readInput(inputSchema, input);
    if (wanted === undefined) throw new HawserError('outcome_unknown');
    const found = await findOrganization(context, wanted);
    return found ? shownOrganization(found) : null;
  },
};
