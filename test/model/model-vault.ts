/** The vault in memory. Every operation passes a gate before and after its effect: there it may fail, crash or be held up. */
import { HawserError } from '#domain/errors.js';
import type { CredentialFacts } from '#domain/grant.js';
import type { CredentialSecret, CredentialVault, Intent } from '../../apps/worker/vault/credential-vault.js';

export interface StoredCredential {
  facts: CredentialFacts;
  secret: CredentialSecret;
}

/** What a process passes at each await; `mayFail` = the operation may throw there. */
export type Gate = (point: string, mayFail: boolean) => Promise<'go' | 'fail'>;

export class ModelVaultData {
  readonly versions = new Map<number, StoredCredential>();
  readonly intents: Intent[] = [];

  highest(grantId: string): number {
    return [...this.versions.values()].reduce(
      (highest, { facts }) => (facts.grantId === grantId ? Math.max(highest, facts.version) : highest),
      0,
    );
  }
}

/** The port as one process sees it. */
export function modelVault(data: ModelVaultData, gate: Gate): CredentialVault {
  const step = async <T>(point: string, effect: () => T): Promise<T> => {
    if ((await gate(`before ${point}`, true)) === 'fail') throw new HawserError('vault_unavailable');
    const result = effect();
    // The effect is done and its answer is lost: the caller sees a failure.
    if ((await gate(`after ${point}`, true)) === 'fail') throw new HawserError('vault_unavailable');
    return result;
  };
  return {
    newest: (_ref, grantId, from, to) =>
      step('newest', () => {
        for (let version = to; version > from; version -= 1) {
          const found = data.versions.get(version);
          if (found?.facts.grantId === grantId) return found.facts;
        }
        return null;
      }),
    open: (_ref, version) => step('open', () => data.versions.get(version) ?? null),
    insert: (_ref, facts, secret) =>
      step('insert', () => {
        if (data.versions.has(facts.version)) return false;
        data.versions.set(facts.version, { facts, secret });
        return true;
      }),
    destroy: (_ref, fromVersion, toVersion) =>
      step('destroy', () => {
        for (let version = fromVersion; version <= toVersion; version += 1) data.versions.delete(version);
        const kept = data.intents.filter(({ version }) => version < fromVersion || version > toVersion);
        data.intents.splice(0, data.intents.length, ...kept);
      }),
    versions: () => step('versions', () => [...data.versions.keys()]),
    forgetIntents: (_ref, forgotten) =>
      step('forgetIntents', () => {
        const kept = data.intents.filter(({ version }) => version !== forgotten);
        data.intents.splice(0, data.intents.length, ...kept);
      }),
    intents: (_ref, version) => step('intents', () => data.intents.filter((intent) => intent.version === version)),
    writeIntent: (_ref, intent) =>
      step('writeIntent', () => {
        const tryNumber = data.intents.filter(({ version }) => version === intent.version).length + 1;
        data.intents.push({ ...intent, tryNumber, outcome: 'open' });
        return tryNumber;
      }),
    settleIntent: (_ref, version, tryNumber, outcome) =>
      step('settleIntent', () => {
        const index = data.intents.findIndex((intent) => intent.version === version && intent.tryNumber === tryNumber);
        if (index >= 0) data.intents[index] = { ...data.intents[index]!, outcome };
      }),
  };
}
