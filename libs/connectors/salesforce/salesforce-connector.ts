import type { Connector } from '#connector-sdk/connector.js';
import { createRecord } from './actions/create-record.js';
import { updateRecord } from './actions/update-record.js';
import { upsertRecord } from './actions/upsert-record.js';
import { classify } from './classify.js';
import { salesforceManifest } from './manifest.js';
import { object, objects, picklist } from './metadata.js';
import { tokenFacts } from './token-facts.js';
import { newOrUpdatedAccount } from './triggers/new-or-updated-account.js';
import { verify } from './verify.js';

export const salesforceConnector: Connector = {
  manifest: salesforceManifest,
  authorize: (headers, accessToken) => ({ ...headers, authorization: `Bearer ${accessToken}` }),
  classify,
  tokenFacts,
  verify,
  triggers: { new_or_updated_account: newOrUpdatedAccount },
  actions: { create_record: createRecord, upsert_record: upsertRecord, update_record: updateRecord },
  objects,
  object,
  picklist,
};
