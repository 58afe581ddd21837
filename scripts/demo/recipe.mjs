import { allItems } from './api-client.mjs';

const NAME = 'New or updated Salesforce account -> Zendesk organization';

/** The recipe of the demo: made and started once, found again on later starts. `{ recipe, made }`. */
export async function ensureRecipe({ call, salesforce, zendesk }) {
  const known = (await allItems(call, '/v1/recipes')).find((one) => one.name === NAME);
  const recipe = known ?? (await call('POST', '/v1/recipes', accountsToOrganizations(salesforce.id, zendesk.id)));
  // Stopped by a person on purpose, if it has run before: then it stays so.
  if (!known || (known.status === 'stopped' && known.jobsStarted === 0))
    await call('POST', `/v1/recipes/${recipe.id}/start`, {});
  return { recipe, made: !known };
}

function accountsToOrganizations(salesforceId, zendeskId) {
  const organization = {
    id: 'organization',
    binding: 'zendesk',
    operation: 'create_or_update_organization',
    input: { external_id: 'trigger.Id', name: 'trigger.Name', details: 'trigger.Website' },
  };
  return {
    name: NAME,
    definition: {
      trigger: { binding: 'salesforce', operation: 'new_or_updated_account', input: { since: 'beginning' } },
      steps: [organization],
      concurrency: 5,
    },
    bindings: {
      salesforce: { app: 'salesforce', connectionId: salesforceId },
      zendesk: { app: 'zendesk', connectionId: zendeskId },
    },
  };
}
