/** The verify activity: an active proof of the credential in force, with the requirements of parked steps. */
import { HawserError } from '#domain/errors.js';
import { isSettling } from '#domain/settling.js';
import type { VerifyActivityInput, VerifyOutcome } from '#workflows/connection/activities.js';
import { frozenOf } from '#workflows/connection/frozen-of.js';
import { parkedRequirements } from '../../app-calls/wake-waiters.js';
import type { ConnectionActivityDeps } from './deps.js';
import { projectAndTell } from './project.js';
import { prove } from './prove.js';
import { temporalNow } from '../../temporal-time.js';

export async function verifyActivity(deps: ConnectionActivityDeps, input: VerifyActivityInput): Promise<VerifyOutcome> {
  const outcome = await proveNow(deps, input);
  const { workspaceId, connectionId, app } = input.state;
  if (outcome.kind === 'answered') {
    const missing = outcome.missing.map((entry) => entry.requirement);
    deps.events.connectionVerified({
      workspaceId,
      connectionId,
      app,
      version: outcome.version,
      accepted: outcome.accepted,
      missing,
    });
  }
  return projectAndTell(deps, input.state, outcome, (told) => ({ type: 'verified', outcome: told }));
}

async function proveNow(
  deps: ConnectionActivityDeps,
  { state, requirements }: VerifyActivityInput,
): Promise<VerifyOutcome> {
  const version = state.credential?.version ?? 0;
  const stamp = () => ({ at: temporalNow(), jitter: Math.random(), version });
  try {
    const held = await deps.vault.open(state, version);
    if (!held) return { kind: 'unanswered', code: 'vault_damaged', ...stamp() };
    const parked = await parkedRequirements({ client: deps.client, connectionId: state.connectionId });
    const proof = await prove(deps, {
      app: state.app,
      settings: frozenOf(state, held.facts).settings,
      facts: held.facts,
      secret: held.secret,
      accountId: state.grant?.account.id ?? '',
      requirements: [...new Set([...requirements, ...parked])],
    });
    const end = stamp();
    // With a refresh token that the app has called dead, a refusal needs no second look.
    const settles = !proof.accepted && state.refresh.dead === null && isSettling(held.facts.obtainedAt, end.at);
    return { kind: 'answered', ...proof, ...(settles && { settles }), ...end };
  } catch (error) {
    if (!(error instanceof HawserError)) throw error;
    const { evidence, retryAfterMs, requirement } = error.options;
    // A right that is missing for the verification itself is the app's answer: accepted, with that right missing.
    if (error.code === 'right_missing' || error.code === 'scope_missing') {
      const missing = [{ requirement: requirement ?? 'verify', text: error.detail }];
      return { kind: 'answered', accepted: true, missing, satisfied: [], ...(evidence && { evidence }), ...stamp() };
    }
    return {
      kind: 'unanswered',
      code: error.code,
      ...(evidence && { evidence }),
      ...(retryAfterMs && { retryAfterMs }),
      ...stamp(),
    };
  }
}
