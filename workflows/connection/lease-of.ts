/** The lease that a state gives: never the secret, never a clock (docs/decisions.md, "Leases"). */
import type { Lease } from '#domain/lease.js';
import { frozenOf } from './frozen-of.js';
import { isUsable } from './refreshing.js';
import type { ConnectionState } from './state.js';

export function leaseOf(state: ConnectionState): Lease {
  const { grant, credential } = state;
  if (!isUsable(state) || grant === null || credential === null) {
    const code = state.reason?.code ?? 'never_authorized';
    return { kind: 'no', status: state.status, code, since: state.since, app: state.app };
  }
  return {
    kind: 'yes',
    status: state.status,
    version: credential.version,
    grantId: credential.grantId,
    generation: state.generation,
    app: state.app,
    instanceUrl: credential.instanceUrl,
    instanceId: grant.instance.id,
    ...(state.instanceSince !== undefined && { instanceSince: state.instanceSince }),
    accountId: grant.account.id,
    scopes: credential.scopes,
    goodUntil: credential.accessExpiresAt,
    refreshNotBefore: state.refresh.notBefore,
    failures: state.refresh.failures,
    trouble: state.reason?.code ?? null,
    settings: frozenOf(state, credential).settings,
  };
}
