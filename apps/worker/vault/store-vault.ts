/** The vault over the store: sealed documents by id, opened here and nowhere else. */
import type { CredentialStore } from '#store/credential-store.js';
import type { IntentStore } from '#store/intent-store.js';
import type { IntentDocument } from '#store/documents.js';
import type { SealBinding } from '#domain/sealed.js';
import type { Opener } from '#vault/open.js';
import type { Sealer } from '#vault/seal.js';
import type { ConnectionRef } from '#domain/connection-ref.js';
import type { CredentialSecret, CredentialVault, Intent } from './credential-vault.js';
import { temporalNow } from '../temporal-time.js';

export interface StoreVaultDeps {
  credentials: CredentialStore;
  intents: IntentStore;
  sealer: Sealer;
  opener: Opener;
}

/** What a sealed credential is bound to: it opens nowhere else and under no other number. */
export const credentialBinding = ({ workspaceId, connectionId }: ConnectionRef, version: number): SealBinding => ({
  workspaceId,
  subject: connectionId,
  purpose: 'credential',
  version,
});

export function createStoreVault({ credentials, intents, sealer, opener }: StoreVaultDeps): CredentialVault {
  return {
    async newest({ workspaceId, connectionId }, grantId, from, to) {
      const found = await credentials.newestAbove(workspaceId, connectionId, {
        above: from,
        highest: to,
        grantId,
        gap: 0,
      });
      return found?.facts ?? null;
    },
    async open(ref, version) {
      const found = await credentials.get(ref.workspaceId, ref.connectionId, version);
      if (!found) return null;
      const secret = await opener.open<CredentialSecret>(found.sealed, credentialBinding(ref, version));
      return { facts: found.facts, secret };
    },
    async insert({ workspaceId, connectionId }, facts, secret) {
      const ref = { workspaceId, connectionId };
      const sealed = await sealer.seal(secret, credentialBinding(ref, facts.version));
      return credentials.insertIfAbsent({ ...ref, version: facts.version, facts, sealed, createdAt: temporalNow() });
    },
    async destroy({ workspaceId, connectionId }, fromVersion, toVersion) {
      // A state that an older build spoiled by a signal may begin anywhere; versions begin with 1.
      for (let version = Math.max(1, Math.ceil(fromVersion)); version <= toVersion; version += 1) {
        await credentials.delete(workspaceId, connectionId, version);
        await intents.delete(workspaceId, connectionId, version);
      }
    },
    async versions({ workspaceId, connectionId }) {
      return (await credentials.listOfConnection(workspaceId, connectionId)).map(({ version }) => version);
    },
    async forgetIntents({ workspaceId, connectionId }, version) {
      await intents.delete(workspaceId, connectionId, version);
    },
    async intents({ workspaceId, connectionId }, version) {
      const tries = await intents.tries(workspaceId, connectionId, version);
      return tries.map((document, index) => toIntent(document, index + 1));
    },
    async writeIntent({ workspaceId, connectionId }, intent) {
      for (;;) {
        const tryNumber = (await intents.tries(workspaceId, connectionId, intent.version)).length + 1;
        if (await intents.insert(tryNumber, { workspaceId, connectionId, ...intent, outcome: 'open' }))
          return tryNumber;
      }
    },
    async settleIntent({ workspaceId, connectionId }, version, tryNumber, outcome) {
      await intents.settle(workspaceId, connectionId, version, tryNumber, outcome);
    },
  };
}

const toIntent = (document: IntentDocument, tryNumber: number): Intent => ({
  version: document.version,
  tryNumber,
  fromVersion: document.fromVersion,
  sendBefore: document.sendBefore,
  createdAt: document.createdAt,
  outcome: document.outcome,
});
