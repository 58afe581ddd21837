/** Updates to an actor, for callers who wait: safe across its rolling over, shared within the process, never without a deadline. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { HawserError, type ErrorCode } from '#domain/errors.js';
import { ROLLING } from '#domain/rolling.js';
import { InFlightLimit } from './in-flight-limit.js';
import {
  applicationFailure,
  ENDED_WITH_UPDATE,
  GRPC,
  grpcStatus,
  mapTemporalError,
  UNPROCESSED,
} from './map-temporal-error.js';

const MAX_IN_FLIGHT = 10;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

export interface ActorUpdate<Ret, Args extends unknown[]> {
  workflowId: string;
  update: UpdateDefinition<Ret, Args>;
  args: Args;
  /** Names the wished change and the round (docs/decisions.md, "Update ids"): the same id is the same wish. Plain in histories. */
  updateId: string;
  /** How long the caller waits, in milliseconds. */
  deadlineMs: number;
  /** What a workflow that does not run means to the caller; default `actor_lost`. */
  whenLost?: ErrorCode;
}

interface Lane {
  limit: InFlightLimit;
  /** `<workflow id>\n<update id>` -> the call under way. */
  flights: Map<string, Promise<unknown>>;
}

const lanes = new WeakMap<Client, Lane>();

/**
 * Sends an update and waits for its answer. Callers of this process with the same workflow and update id share one call.
 * It is repeated with the same update id while the actor rolls over (docs/decisions.md, "Rolling over") or is flooded.
 * @throws HawserError: the actor's own code; `whenLost`; `temporarily_unavailable` at the deadline or when Temporal does not answer.
 */
export async function updateActor<Ret, Args extends unknown[]>(
  client: Client,
  wish: ActorUpdate<Ret, Args>,
): Promise<Ret> {
  const deadline = Date.now() + wish.deadlineMs;
  const lane = laneOf(client);
  const key = `${wish.workflowId}\n${wish.updateId}`;
  for (;;) {
    const shared = lane.flights.get(key) as Promise<Ret> | undefined;
    if (!shared) return until(deadline, startFlight(lane, key, client, wish, deadline));
    try {
      return await until(deadline, shared);
    } catch (error) {
      // The call that we joined had a shorter deadline than ours: begin one of our own.
      const itsDeadline = error instanceof HawserError && error.code === 'temporarily_unavailable';
      if (!itsDeadline || Date.now() >= deadline) throw error;
    }
  }
}

function startFlight<Ret, Args extends unknown[]>(
  lane: Lane,
  key: string,
  client: Client,
  wish: ActorUpdate<Ret, Args>,
  deadline: number,
): Promise<Ret> {
  const flight = lane.limit
    .run(wish.workflowId, () => repeatUpdate(client, wish, deadline))
    .finally(() => lane.flights.delete(key));
  lane.flights.set(key, flight);
  // Everybody may have left at a deadline: a late failure must not end the process.
  flight.catch(() => undefined);
  return flight;
}

async function repeatUpdate<Ret, Args extends unknown[]>(
  client: Client,
  wish: ActorUpdate<Ret, Args>,
  deadline: number,
): Promise<Ret> {
  const { workflowId, update, args, updateId, whenLost } = wish;
  const handle = client.workflow.getHandle(workflowId);
  for (let round = 0; ; round += 1) {
    // The place in line may have come too late.
    if (Date.now() >= deadline) throw late();
    try {
      return await client.withDeadline(deadline, () =>
        // The SDK's overloads tell empty from non-empty argument lists; ours is either.
        handle.executeUpdate(update as unknown as UpdateDefinition<Ret, [unknown, ...unknown[]]>, {
          args: args as unknown as [unknown, ...unknown[]],
          updateId,
        }),
      );
    } catch (error) {
      if (!isRollingOver(error) && !isFlooded(error)) throw mapTemporalError(error, whenLost);
      const wait = Math.min(FIRST_PAUSE_MS * 2 ** round, LONGEST_PAUSE_MS) * (0.5 + Math.random());
      if (Date.now() + wait >= deadline) throw new HawserError('temporarily_unavailable', undefined, { cause: error });
      await pause(wait);
    }
  }
}

/** Whether the update met the actor on its way into a new run: the same update id is then sent again. */
export function isRollingOver(error: unknown): boolean {
  const failure = applicationFailure(error);
  if (failure) return failure.type === ROLLING || failure.type === ENDED_WITH_UPDATE;
  const status = grpcStatus(error);
  // The client keeps the server's text as the message of its WorkflowNotFoundError, without the gRPC status.
  const text = status?.details ?? (error instanceof Error ? error.message : '');
  if (status?.code === GRPC.FAILED_PRECONDITION) return /unexpected workflow task failure/i.test(text);
  if (status && status.code !== GRPC.NOT_FOUND) return false;
  return /\bupdate\b.*\bnot found\b/i.test(text) || text.includes(ENDED_WITH_UPDATE);
}

/** Whether the update was surely not taken: too many are in flight, or the workflow task that should take it failed. */
function isFlooded(error: unknown): boolean {
  const failure = applicationFailure(error);
  if (failure) return failure.type === UNPROCESSED;
  return grpcStatus(error)?.code === GRPC.RESOURCE_EXHAUSTED;
}

/** Leaves at the caller's own deadline, whatever the shared call does. */
async function until<T>(deadline: number, work: Promise<T>): Promise<T> {
  const end = new AbortController();
  const timer = pause(Math.max(0, deadline - Date.now()), undefined, { signal: end.signal }).then(() =>
    Promise.reject(late()),
  );
  timer.catch(() => undefined);
  try {
    return await Promise.race([work, timer]);
  } finally {
    end.abort();
  }
}

function late(): HawserError {
  return new HawserError('temporarily_unavailable', 'The actor did not answer in time. Repeat the request.');
}

function laneOf(client: Client): Lane {
  const known = lanes.get(client);
  if (known) return known;
  const lane = { limit: new InFlightLimit(MAX_IN_FLIGHT), flights: new Map<string, Promise<unknown>>() };
  lanes.set(client, lane);
  return lane;
}
