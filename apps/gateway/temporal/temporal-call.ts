/** Calls to Temporal from the gateway: each has a deadline, each failure gets one of our codes. */
import { isGrpcServiceError, WorkflowFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { HawserError, isErrorCode } from '#domain/errors.js';
import { ownFailure } from '#temporal/map-temporal-error.js';
import { isNamespaceUnknown, isWorkflowGone, NAMESPACE_UNKNOWN } from '#temporal/not-found.js';

/** Nothing hangs: no call to Temporal takes longer. */
export const TEMPORAL_DEADLINE_MS = 10_000;
/** For reads that have something else to show. */
export const GLANCE_DEADLINE_MS = 2_000;
const GRACE_MS = 250;

export async function temporalCall<T>(
  client: Client,
  call: () => Promise<T>,
  deadlineMs = TEMPORAL_DEADLINE_MS,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  // The client's own repeats may pause past its deadline (seen: 14 s for one of 10), so the clock is ours as well.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unanswered(undefined)), deadlineMs + GRACE_MS);
  });
  try {
    return await Promise.race([client.withDeadline(Date.now() + deadlineMs, call), late]);
  } catch (error) {
    throw readTemporalFailure(error);
  } finally {
    clearTimeout(timer);
  }
}

function unanswered(cause: unknown): HawserError {
  return new HawserError(
    'temporarily_unavailable',
    'Temporal or the worker did not answer in time. Nothing is lost: repeat the request.',
    cause === undefined ? {} : { cause },
  );
}

/** gRPC status code of requests that are wrong in themselves, whenever they are sent. NOT_FOUND is none: a list always exists. */
const INVALID_ARGUMENT = 3;

export function readTemporalFailure(error: unknown): HawserError {
  const own = ownFailure(error);
  if (own) return own;
  if (error instanceof WorkflowFailedError) return readApplicationFailure(error);
  if (isWorkflowGone(error)) return new HawserError('not_found', undefined, { cause: error });
  if (isNamespaceUnknown(error)) return new HawserError('temporarily_unavailable', NAMESPACE_UNKNOWN, { cause: error });
  const status = grpcStatus(error);
  if (status === INVALID_ARGUMENT)
    return new HawserError('request_invalid', 'The page cursor or a filter is not valid.', { cause: error });
  return unanswered(error);
}

/** The code that a workflow or an activity failed with: the first ApplicationFailure of the chain whose type is one of ours. */
function readApplicationFailure(error: unknown): HawserError {
  for (let link: unknown = error, depth = 0; link instanceof Error && depth < 10; link = link.cause, depth += 1) {
    if (link instanceof ApplicationFailure && isErrorCode(link.type))
      return new HawserError(link.type, link.message, { ...extrasOf(link.details), cause: error });
  }
  return new HawserError('temporarily_unavailable', 'The work was not finished. Repeat the request.', { cause: error });
}

/** `details` of our failures: `[{ requirement, retryAfterMs, evidence, … }]`. */
function extrasOf(details: unknown): HawserError['options'] {
  const [first] = Array.isArray(details) ? (details as Record<string, unknown>[]) : [];
  if (typeof first !== 'object' || first === null) return {};
  const { requirement, retryAfterMs, evidence, pointer } = first;
  return {
    ...(typeof requirement === 'string' ? { requirement } : {}),
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    ...(typeof pointer === 'string' ? { pointer } : {}),
    ...(typeof evidence === 'object' && evidence !== null ? { evidence: evidence as never } : {}),
  };
}

function grpcStatus(error: unknown): number | null {
  for (let link: unknown = error, depth = 0; link instanceof Error && depth < 5; link = link.cause, depth += 1) {
    if (isGrpcServiceError(link)) return link.code;
  }
  return null;
}
