/** From the actor's view (or its projection) to the answer of the contract. */
import { ERROR_CODES } from '#domain/errors.js';
import type { ConnectionResponse } from '#contract/connections/connection-shape.js';
import type { ConnectionDocument } from '#store/documents.js';
import type { ConnectionView } from '#workflows/connection/messages.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { NOTHING_TO_DO, viewOf } from '#workflows/connection/view-of.js';
import type { ParkedCount } from '../temporal/visibility.js';

export interface AnswerExtras {
  createdAt: number;
  parked: ParkedCount | null;
  stale: boolean;
}

/** Field by field: taking some away from a copy made such objects slow ones, 40 µs each in a list. */
export function connectionOf(view: ConnectionView, { createdAt, parked, stale }: AnswerExtras): ConnectionResponse {
  const { lastAttempt, candidate } = view;
  return {
    id: view.connectionId,
    app: view.app,
    name: view.name,
    createdAt,
    status: view.status,
    since: view.since,
    reason: view.reason,
    nextStep: nextStepOf(view, parked),
    settings: view.settings,
    appClientId: view.appClientId,
    // An actor that an older worker answers for knows of none.
    authorizedWith: view.authorizedWith ?? null,
    account: view.account,
    instance: view.instance,
    scopes: view.scopes,
    consentedAt: view.consentedAt,
    version: view.version,
    obtainedAt: view.obtainedAt,
    accessExpiresAt: view.accessExpiresAt,
    proof: view.proof,
    verifyTrouble: view.verifyTrouble,
    attempt: view.attempt,
    lastAttempt:
      lastAttempt?.code === undefined ? lastAttempt : { ...lastAttempt, text: ERROR_CODES[lastAttempt.code].text },
    candidate: candidate && {
      attemptId: candidate.attemptId,
      account: candidate.grant.account,
      instance: candidate.grant.instance,
      scopes: candidate.grant.scopes,
      expiresAt: candidate.expiresAt,
    },
    usedAt: view.usedAt,
    settledAt: view.settledAt,
    refreshFailures: view.refreshFailures,
    refreshNotBefore: view.refreshNotBefore,
    forecast: view.forecast,
    generation: view.generation,
    revision: view.revision,
    parked,
    stale,
  };
}

/** What jobs and recipes wait for is known to Temporal's visibility, not to the actor: a right is missing although the connection is fine. */
function nextStepOf({ nextStep, proof }: ConnectionView, parked: ParkedCount | null): string {
  if (nextStep !== NOTHING_TO_DO || parked === null) return nextStep;
  // Who waits for a right that was found this moment is being woken.
  const found = proof !== null && Date.now() - proof.at < WAKING_MS ? proof.satisfied : [];
  const waited = parked.requirements.filter((requirement) => !found.includes(requirement));
  if (waited.length === 0) return nextStep;
  return `Jobs or recipes wait for a right at the app: ${waited.join(', ')}. Give it there, then press Verify.`;
}

/** Temporal's visibility lags, and waking takes a moment. */
const WAKING_MS = 10_000;

/** So many views are kept: some KiB each. */
const KEPT_VIEWS = 2_000;

/** The last view of each connection with the text that it was made of: parsing that was a third of an item of a list. */
const keptViews = new Map<string, { state: string; view: ConnectionView }>();

/** What the projection shows; the actor may be further. The view is shared: nobody may change it. */
export function projectedView({ _id, state }: Pick<ConnectionDocument, '_id' | 'state'>): ConnectionView {
  const kept = keptViews.get(_id);
  if (kept?.state === state) return kept.view;
  const view = viewOf(JSON.parse(state) as ConnectionState);
  // Moved to the end: the one that was made longest ago goes first.
  keptViews.delete(_id);
  keptViews.set(_id, { state, view });
  const oldest = keptViews.size > KEPT_VIEWS ? keptViews.keys().next().value : undefined;
  if (oldest !== undefined) keptViews.delete(oldest);
  return view;
}
