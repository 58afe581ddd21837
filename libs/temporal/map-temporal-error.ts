import {
  QueryRejectedError,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { HawserError, isErrorCode, type ErrorCode } from '#domain/errors.js';
import { ROLLING } from '#domain/rolling.js';
import { isNamespaceUnknown, isWorkflowGone, NAMESPACE_UNKNOWN } from './not-found.js';

/** Numbers of gRPC statuses (grpc-js `status`), without a dependency of our own on it. */
export const GRPC = {
  CANCELLED: 1,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  UNAVAILABLE: 14,
} as const;

/** Faults of the way to Temporal, or of its workers: repeating makes sense. */
const PASSING = new Set<number>([
  GRPC.CANCELLED,
  GRPC.DEADLINE_EXCEEDED,
  // Without the name of a workflow it is the server that does not find something of its own.
  GRPC.NOT_FOUND,
  GRPC.RESOURCE_EXHAUSTED,
  GRPC.FAILED_PRECONDITION,
  GRPC.ABORTED,
  GRPC.UNAVAILABLE,
]);

/** Failure type of the server: a workflow task ended without taking the update (a worker died, or the actor was flooded). */
export const UNPROCESSED = 'UnprocessedUpdate';
/** Failure type of the server: the run ended with the update accepted and not finished. */
export const ENDED_WITH_UPDATE = 'AcceptedUpdateCompletedWorkflow';

/** Code and details of the gRPC answer behind an error of the Temporal client; null when there is none. */
export function grpcStatus(error: unknown): { code: number; details: string } | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, details } = cause as { code?: unknown; details?: unknown };
    if (typeof code === 'number') return { code, details: typeof details === 'string' ? details : cause.message };
  }
  return null;
}

/** The ApplicationFailure with which a workflow refused or failed an update; null when there is none. */
export function applicationFailure(error: unknown): ApplicationFailure | null {
  if (error instanceof ApplicationFailure) return error;
  return error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure ? error.cause : null;
}

/** Our own error in the chain of causes: the codec throws it within the client, which may wrap it. Null when there is none. */
export function ownFailure(error: unknown): HawserError | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1)
    if (cause instanceof HawserError) return cause;
  return null;
}

/**
 * Names a failure of a call to a workflow.
 *
 * | failure | becomes |
 * |---|---|
 * | a payload that this process cannot open | `payload_key_missing` |
 * | the workflow's own, or that of a run that was waited for, its type an error code | that code with its message and details |
 * | a run that was waited for failed in another way | `temporarily_unavailable` |
 * | no such workflow, or it is closed | `whenLost` |
 * | not found: the namespace, or anything else that is no workflow | `temporarily_unavailable` |
 * | deadline, no poller, Temporal not reachable or flooded | `temporarily_unavailable` |
 * | the server's own: the update was not taken, or its run ended | `temporarily_unavailable` |
 * | anything else | as it came |
 *
 * `noAnswer`: the caller's sentence for a Temporal that did not answer.
 */
export function mapTemporalError(error: unknown, whenLost: ErrorCode = 'actor_lost', noAnswer?: string): unknown {
  const own = ownFailure(error);
  if (own) return own;
  const failure = applicationFailure(error);
  if (failure?.type === UNPROCESSED || failure?.type === ENDED_WITH_UPDATE || failure?.type === ROLLING)
    return new HawserError('temporarily_unavailable', undefined, { cause: error });
  if (failure) return codedFailure(failure, error) ?? error;
  if (error instanceof WorkflowFailedError) return failureOfRun(error);
  if (isWorkflowGone(error) || error instanceof QueryRejectedError)
    return new HawserError(whenLost, undefined, { cause: error });
  if (isNamespaceUnknown(error)) return new HawserError('temporarily_unavailable', NAMESPACE_UNKNOWN, { cause: error });
  const status = grpcStatus(error);
  const passing =
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    error instanceof WorkflowNotFoundError ||
    (status !== null && PASSING.has(status.code));
  return passing ? new HawserError('temporarily_unavailable', noAnswer, { cause: error }) : error;
}

/** The first failure of the chain whose type is one of our codes: that of the workflow, or of the activity that failed it. */
function failureOfRun(error: WorkflowFailedError): HawserError {
  for (let link: unknown = error, depth = 0; link instanceof Error && depth < 10; link = link.cause, depth += 1) {
    const coded = link instanceof ApplicationFailure ? codedFailure(link, error) : null;
    if (coded) return coded;
  }
  return new HawserError('temporarily_unavailable', 'The work was not finished. Repeat the request.', { cause: error });
}

const codedFailure = ({ type, message, details }: ApplicationFailure, cause: unknown): HawserError | null =>
  isErrorCode(type) ? new HawserError(type, message, { ...extrasOf(details), cause }) : null;

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
