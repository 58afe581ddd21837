/** Calls to Temporal from the gateway: each has a deadline, each failure gets one of our codes. */
import type { Client } from '@temporalio/client';
import { HawserError } from '#domain/errors.js';
import { grpcStatus, mapTemporalError } from '#temporal/map-temporal-error.js';

/** Nothing hangs: no call to Temporal takes longer. */
export const TEMPORAL_DEADLINE_MS = 10_000;
/** For reads that have something else to show. */
export const GLANCE_DEADLINE_MS = 2_000;
const GRACE_MS = 250;
const NO_ANSWER = 'Temporal or the worker did not answer in time. Nothing is lost: repeat the request.';

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
  return new HawserError('temporarily_unavailable', NO_ANSWER, cause === undefined ? {} : { cause });
}

/** gRPC status code of requests that are wrong in themselves, whenever they are sent. NOT_FOUND is none: a list always exists. */
const INVALID_ARGUMENT = 3;

/** As `mapTemporalError`; what it does not name is a wrong request, or else no answer: each failure gets a code. */
export function readTemporalFailure(error: unknown): HawserError {
  const named = mapTemporalError(error, 'not_found', NO_ANSWER);
  if (named instanceof HawserError) return named;
  if (grpcStatus(error)?.code === INVALID_ARGUMENT)
    return new HawserError('request_invalid', 'The page cursor or a filter is not valid.', { cause: error });
  return unanswered(error);
}
