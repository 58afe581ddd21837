/** After a sandbox refresh the same address and the same user answer for another organization, and the old one is gone. */
import { HawserError } from '#domain/errors.js';
import type { Grant } from '#domain/grant.js';
import { frozenOf } from '#workflows/connection/frozen-of.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import type { ConnectionActivityDeps } from './deps.js';
import { prove } from './prove.js';

/** Whether the new grant's instance stands where the old one stood. In doubt it does not: then it is a mismatch. */
export async function replacesInstance(
  deps: Pick<ConnectionActivityDeps, 'connectors' | 'http' | 'vault'>,
  state: ConnectionState,
  grant: Grant,
): Promise<boolean> {
  const before = state.grant;
  if (before === null || before.instance.id === grant.instance.id || before.account.id !== grant.account.id)
    return false;
  const host = hostOf(before.instance.url);
  return host !== null && host === hostOf(grant.instance.url) && isGone(deps, state, before.instance.id);
}

/** Evidence of the app: the old credential is known to be dead, or it is refused now, or nobody has it any more. */
async function isGone(
  deps: Pick<ConnectionActivityDeps, 'connectors' | 'http' | 'vault'>,
  state: ConnectionState,
  instanceId: string,
): Promise<boolean> {
  if (state.credential === null || state.status === 'invalid') return true;
  try {
    const held = await deps.vault.open(state, state.credential.version);
    if (held === null) return true;
    const { settings } = frozenOf(state, held.facts);
    const proof = await prove(deps, { app: state.app, settings, ...held, accountId: '', requirements: [] });
    return !proof.accepted || proof.instance.id !== instanceId;
  } catch (error) {
    if (error instanceof HawserError) return false;
    throw error;
  }
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}
