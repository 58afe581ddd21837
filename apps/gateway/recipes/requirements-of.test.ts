import { findManifest } from '#connectors/manifests.js';
import { readTriggerFields } from './read-trigger-fields.js';
import { requirementsOf } from './requirements-of.js';

const definition = {
  trigger: { binding: 'salesforce', operation: 'new_or_updated_account', input: {} },
  steps: [
    {
      id: 'one',
      binding: 'zendesk',
      operation: 'create_or_update_organization',
      input: { external_id: 'trigger.Id', name: 'trigger.Nmae', details: '"Site: " & trigger.Website' },
    },
  ],
  concurrency: 1,
};
const bindings = {
  salesforce: { app: 'salesforce', connectionId: 'con_sf' },
  zendesk: { app: 'zendesk', connectionId: 'con_zd' },
};

test('g27: each field that the recipe reads of its event must be seen by the connected user', async () => {
  const needed = requirementsOf(definition, bindings, findManifest, await readTriggerFields(definition));
  expect(needed.get('con_sf')).toEqual([
    'Account.Id:read',
    'Account.Nmae:read',
    'Account.Website:read',
    'Account:read',
  ]);
  expect(needed.get('con_zd')?.some((key) => key.startsWith('Account'))).toBe(false);
});
