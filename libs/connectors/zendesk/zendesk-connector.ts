import type { Connector } from '#connector-sdk/connector.js';
import { zendeskManifest } from './manifest.js';

const notYet = (): never => {
  throw new Error('not yet');
};

export const zendeskConnector: Connector = {
  manifest: zendeskManifest,
  authorize: (headers, accessToken) => ({ ...headers, authorization: `Bearer ${accessToken}` }),
  classify: notYet,
  tokenFacts: notYet,
  verify: notYet,
  triggers: {},
  actions: {},
  objects: notYet,
  object: notYet,
  picklist: notYet,
};
