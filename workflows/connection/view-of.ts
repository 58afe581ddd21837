/** What people see of a connection: the view for screens, the metadata for recipes, the text for the Temporal Web UI. */
import { ERROR_CODES } from '#domain/errors.js';
import { isOtherInstance } from './authorizing.js';
import { awaitsAuthorization, frozenOf } from './frozen-of.js';
import type { ConnectionMetadata, ConnectionView, Forecast } from './messages.js';
import type { ConnectionState } from './state.js';
import { renewalDueAt } from './time.js';

const iso = (moment: number): string => new Date(moment).toISOString();

/** What dies when, and what will be done about it. Uses the last use as its clock, since a query has none. */
export function forecastOf(state: ConnectionState): Forecast {
  const { credential, grant, policy } = state;
  const absolute =
    grant !== null && policy.grantLifetimeMs !== null ? grant.consentedAt + policy.grantLifetimeMs : null;
  const idle = credential?.refreshExpiresAt ?? null;
  const grantEnds = absolute === null ? idle : idle === null ? absolute : Math.min(absolute, idle);
  const nextRefreshAt = renewalDueAt(state, state.usedAt ?? 0);
  const accessTokenEnds = credential?.accessExpiresAt ?? null;
  const text =
    credential === null
      ? 'There is no credential.'
      : state.status === 'invalid'
        ? 'Nothing is renewed any more: a person has to reconnect or to verify.'
        : nextRefreshAt === null
          ? accessTokenEnds === null
            ? 'The access token serves until the app rejects it; then it is renewed.'
            : `The access token ends at ${iso(accessTokenEnds)}; it is renewed when it is needed.`
          : `The next renewal is due at ${iso(Math.max(0, nextRefreshAt))}.`;
  return { accessTokenEnds, grantEnds, nextRefreshAt, text };
}

/** Told when everything is well. */
export const NOTHING_TO_DO = 'Nothing is to be done.';

/** A sentence: what happens or is to be done next. */
export function nextStepOf(state: ConnectionState): string {
  if (state.candidate && isOtherInstance(state, state.candidate))
    return `The app answers for another organization at the same address (${state.candidate.grant.instance.label}), as after a sandbox refresh. Accept it before ${iso(state.candidate.expiresAt)}, or refuse it: polling then begins anew, and jobs that waited for the old organization are not continued (rerun or cancel each).`;
  if (state.candidate)
    return `Another user (${state.candidate.grant.account.label}) has authorized. Accept or refuse the change before ${iso(state.candidate.expiresAt)}.`;
  if (state.attempt)
    return state.attempt.phase === 'open'
      ? 'Somebody is to open the connect link and to agree at the app.'
      : 'The answer of the app is being checked.';
  if (state.authorizeRequestedAt)
    return 'An authorization was asked for: open the connection in Hawser and press Connect.';
  if (state.reason) return ERROR_CODES[state.reason.code].text;
  if (state.status === 'draft') return ERROR_CODES.never_authorized.text;
  const missing = state.credential === null ? [] : (state.proof?.missing ?? []);
  if (missing.length > 0)
    return `The connected user lacks a right: ${missing.map(({ text }) => text).join(' ')} Give it at the app, then press Verify.`;
  if (awaitsAuthorization(state))
    return 'The settings were changed. They count from the next authorization on: reconnect to use them; until then the old ones serve.';
  return NOTHING_TO_DO;
}

function authorizedWith(state: ConnectionState): ConnectionView['authorizedWith'] {
  if (state.credential === null) return null;
  const { settings, appClientId } = frozenOf(state, state.credential);
  return { settings, appClientId };
}

export function viewOf(state: ConnectionState): ConnectionView {
  const { grant, credential, reason } = state;
  return {
    workspaceId: state.workspaceId,
    connectionId: state.connectionId,
    app: state.app,
    name: state.name,
    generation: state.generation,
    revision: state.revision,
    status: state.status,
    since: state.since,
    reason: reason && {
      code: reason.code,
      text: ERROR_CODES[reason.code].text,
      ...(reason.evidence && { evidence: reason.evidence }),
    },
    nextStep: nextStepOf(state),
    settings: state.settings,
    appClientId: state.appClientId,
    authorizedWith: authorizedWith(state),
    version: credential?.version ?? 0,
    account: grant?.account ?? null,
    instance: grant?.instance ?? null,
    scopes: grant?.scopes ?? [],
    consentedAt: grant?.consentedAt ?? null,
    obtainedAt: credential?.obtainedAt ?? null,
    accessExpiresAt: credential?.accessExpiresAt ?? null,
    proof: state.proof,
    proofCount: state.proofCount,
    verifyTrouble: state.verify.trouble,
    attempt: state.attempt,
    lastAttempt: state.lastAttempt,
    candidate: state.candidate,
    usedAt: state.usedAt,
    settledAt: state.settledAt,
    refreshFailures: state.refresh.failures,
    refreshNotBefore: state.refresh.notBefore,
    forecast: forecastOf(state),
  };
}

/** The app clients that a connection needs: the one that is set, and those by which grants live, wait for a decision, or are still to be revoked. */
export function appClientsOf(state: ConnectionState): string[] {
  const { appClientId, credential, candidate, before, retired } = state;
  const ids = [
    appClientId,
    ...[credential, candidate?.facts ?? null].map((facts) => facts && frozenOf(state, facts).appClientId),
    ...retired.map((entry) => (entry.appClientId === undefined ? (before?.appClientId ?? null) : entry.appClientId)),
  ];
  return ids.filter((id) => id !== null);
}

export function metadataOf(state: ConnectionState): ConnectionMetadata {
  return {
    app: state.app,
    account: state.grant?.account ?? null,
    instance: state.grant?.instance ?? null,
    scopes: state.grant?.scopes ?? [],
    missing: state.proof?.missing ?? [],
    health: {
      status: state.status,
      since: state.since,
      code: state.reason?.code ?? null,
      verifiedAt: state.proof?.at ?? null,
    },
    forecast: forecastOf(state),
  };
}

/** Markdown for the Temporal Web UI: app, state, since when, reason, next step. */
export function detailsOf(state: ConnectionState): string {
  const lines = [
    `**${state.name}** (${state.app})`,
    `State: **${state.status}** since ${iso(state.since)}`,
    ...(state.reason ? [`Reason: \`${state.reason.code}\``] : []),
    `Next: ${nextStepOf(state)}`,
    ...(state.grant ? [`Account: ${state.grant.account.label} at ${state.grant.instance.label}`] : []),
    ...(state.credential ? [`Credential version ${state.credential.version}. ${forecastOf(state).text}`] : []),
    'Signals that may be sent from here: `verify`, `refresh`, `authorize` (no input needed).',
  ];
  return lines.join('\n\n');
}
