/** From the actor's view (or its projection) to the answer of the contract. */
import { ERROR_CODES } from '#domain/errors.js';
import type { ConnectionResponse } from '#contract/connections/connection-shape.js';
import type { ConnectionDocument } from '#store/documents.js';
import type { ConnectionView } from '#workflows/connection/messages.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { viewOf } from '#workflows/connection/view-of.js';
import type { ParkedCount } from '../temporal/visibility.js';

export interface AnswerExtras {
  createdAt: number;
  parked: ParkedCount | null;
  stale: boolean;
}

export function connectionOf(view: ConnectionView, { createdAt, parked, stale }: AnswerExtras): ConnectionResponse {
  const { connectionId, workspaceId: _, proofCount: __, candidate, lastAttempt, ...rest } = view;
  return {
    ...rest,
    id: connectionId,
    createdAt,
    lastAttempt: lastAttempt && {
      ...lastAttempt,
      ...(lastAttempt.code === undefined ? {} : { text: ERROR_CODES[lastAttempt.code].text }),
    },
    candidate: candidate && {
      attemptId: candidate.attemptId,
      account: candidate.grant.account,
      instance: candidate.grant.instance,
      scopes: candidate.grant.scopes,
      expiresAt: candidate.expiresAt,
    },
    parked,
    stale,
  };
}

/** What the projection shows; the actor may be further. */
export function projectedView(document: ConnectionDocument): ConnectionView {
  return viewOf(JSON.parse(document.state) as ConnectionState);
}
