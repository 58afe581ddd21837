import type { Connector } from '#connector-sdk/connector.js';
import { createOrUpdateOrganization } from './actions/create-or-update-organization.js';
import { createOrganization } from './actions/create-organization.js';
import { createTicket } from './actions/create-ticket.js';
import { classify } from './classify.js';
import { zendeskManifest } from './manifest.js';
import { object, objects, picklist } from './metadata.js';
import { verify } from './verify.js';

export const zendeskConnector: Connector = {
  manifest: zendeskManifest,
  authorize: (headers, accessToken) => ({ ...headers, authorization: `Bearer ${accessToken}` }),
  classify,
  // Everything of an account lives at its subdomain; the token answer names no address.
  tokenFacts: (_, { subdomain }) =>
    subdomain === undefined ? {} : { instanceUrl: `https://${subdomain}.zendesk.com` },
  verify,
  triggers: {},
  actions: {
    create_or_update_organization: createOrUpdateOrganization,
    create_organization: createOrganization,
    create_ticket: createTicket,
  },
  objects,
  object,
  picklist,
};
