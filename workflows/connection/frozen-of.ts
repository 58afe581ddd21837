/** Which settings and which app client a credential lives by: those of its authorization, whatever was set since then. Pure. */
import type { Frozen } from '#domain/frozen.js';
import type { CredentialFacts } from '#domain/grant.js';
import type { ConnectionState } from './state.js';

/** `facts`: of a credential or candidate. Grants of older builds have nothing frozen of their own: then what the actor froze before its first change. */
export function frozenOf(state: ConnectionState, facts: CredentialFacts | null): Frozen {
  const { grant, before } = state;
  const ofGrant = facts !== null && facts.grantId === grant?.grantId ? grant.frozen : undefined;
  return facts?.frozen ?? ofGrant ?? before ?? { settings: state.settings, appClientId: state.appClientId };
}

/** The settings or the app client were changed since the grant in force was given: they count from the next authorization on. */
export function awaitsAuthorization(state: ConnectionState): boolean {
  if (state.credential === null) return false;
  const { settings, appClientId } = frozenOf(state, state.credential);
  return appClientId !== state.appClientId || !isSame(settings, state.settings);
}

function isSame(one: Record<string, string>, other: Record<string, string>): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}
