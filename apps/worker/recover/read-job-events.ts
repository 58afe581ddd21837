/** Reads and decodes the history of one run of a job. */
import type { Client } from '@temporalio/client';
import { ActivityFailure, type Payload } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { ReadEventOutcome, RunStepInput, RunStepOutcome } from '#workflows/job/activities.js';
import type { StepEnd } from '#workflows/job/lost-step.js';
import type { JobWorkflowInput } from '#workflows/job/messages.js';
import { stepEndOf, unreadStep } from '#workflows/job/step-failure.js';
import { GRPC, grpcStatus } from '#temporal/map-temporal-error.js';
import { deadlineIn } from '../deadline-in.js';
import type { JobEvent } from './job-from-history.js';

const DEADLINE_MS = 15_000;
const PAGE = 100;

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type Failure = temporal.api.failure.v1.IFailure;

export async function readJobEvents(client: Client, workflowId: string, runId: string): Promise<JobEvent[]> {
  const events = await everyEvent(client, workflowId, runId);
  const ends = new Map(events.flatMap((event) => (scheduledBy(event) === null ? [] : [[scheduledBy(event)!, event]])));
  const reader = new Reader(client);
  let marksWrites = false;
  const told: JobEvent[] = [];
  for (const event of events) {
    const one = await reader.read(event, ends, marksWrites);
    if (one?.kind === 'started') marksWrites = one.input.state.marksWrites === true;
    if (one) told.push(one);
  }
  return told;
}

/** gRPC takes 4 MB at once, and one event may weigh 2 MB: a page that is too heavy is read anew, event by event. */
async function everyEvent(client: Client, workflowId: string, runId: string): Promise<HistoryEvent[]> {
  const { namespace } = client.options;
  const execution = { workflowId, runId };
  const events: HistoryEvent[] = [];
  let nextPageToken: Uint8Array | null | undefined;
  do {
    const request = { namespace, execution, ...(nextPageToken ? { nextPageToken } : {}) };
    const read = (maximumPageSize: number) =>
      client.withDeadline(deadlineIn(DEADLINE_MS), () =>
        client.workflowService.getWorkflowExecutionHistory({ ...request, maximumPageSize }),
      );
    const page = await read(PAGE).catch((error: unknown) => {
      if (grpcStatus(error)?.code !== GRPC.RESOURCE_EXHAUSTED) throw error;
      return read(1);
    });
    events.push(...(page.history?.events ?? []));
    ({ nextPageToken } = page);
  } while (nextPageToken && nextPageToken.length > 0);
  return events;
}

/** Id of the scheduling event, for an event that ends an activity. */
function scheduledBy(event: HistoryEvent): string | null {
  const attributes =
    event.activityTaskCompletedEventAttributes ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes;
  return attributes ? String(attributes.scheduledEventId) : null;
}

const msOf = (event: HistoryEvent): number =>
  Number(event.eventTime?.seconds ?? 0) * 1_000 + Math.floor((event.eventTime?.nanos ?? 0) / 1_000_000);

class Reader {
  constructor(private readonly client: Client) {}

  async read(event: HistoryEvent, ends: Map<string, HistoryEvent>, marksWrites: boolean): Promise<JobEvent | null> {
    const started = event.workflowExecutionStartedEventAttributes;
    if (started) return { kind: 'started', input: (await this.value(started.input)) as JobWorkflowInput };
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (signal) return { kind: 'signal', name: signal.signalName ?? '', input: await this.value(signal.input) };
    if (event.workflowExecutionCancelRequestedEventAttributes) return { kind: 'cancel' };
    const scheduled = event.activityTaskScheduledEventAttributes;
    const end = ends.get(String(event.eventId));
    if (scheduled?.activityType?.name === 'closedJobs' && end?.activityTaskCompletedEventAttributes)
      return {
        kind: 'closed',
        jobIds: (await this.value(end.activityTaskCompletedEventAttributes.result)) as string[],
      };
    if (scheduled?.activityType?.name === 'readEvent' && end?.activityTaskCompletedEventAttributes)
      return {
        kind: 'read',
        outcome: (await this.value(end.activityTaskCompletedEventAttributes.result)) as ReadEventOutcome,
      };
    if (scheduled?.activityType?.name !== 'runStep') return null;
    const input = (await this.value(scheduled.input)) as RunStepInput;
    const known = end ? { end: await this.endOf(end, marksWrites), endedAt: msOf(end) } : { end: null, endedAt: 0 };
    return { kind: 'step', input, at: msOf(event), ...known };
  }

  private async endOf(event: HistoryEvent, marksWrites: boolean): Promise<StepEnd> {
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed) return { outcome: (await this.value(completed.result)) as RunStepOutcome };
    const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    const cause = await this.error(failed?.failure);
    const error = new ActivityFailure('', 'runStep', undefined, 'NON_RETRYABLE_FAILURE', undefined, cause);
    const unread = unreadStep(error);
    return unread ? { failure: unread } : stepEndOf(error, marksWrites);
  }

  /** The first of some payloads. */
  private async value(payloads: { payloads?: Payload[] | null } | null | undefined): Promise<unknown> {
    const [first] = await this.decoded(payloads?.payloads?.slice(0, 1) ?? []);
    return first === undefined ? undefined : this.converter.payloadConverter.fromPayload(first);
  }

  private async error(failure: Failure | null | undefined): Promise<Error | undefined> {
    if (!failure) return undefined;
    const { failureConverter, payloadConverter } = this.converter;
    return failureConverter.failureToError((await this.opened(failure)) as never, payloadConverter);
  }

  /** Every payload within a failure, opened. */
  private async opened(value: unknown): Promise<unknown> {
    if (Array.isArray(value)) return Promise.all(value.map((one) => this.opened(one)));
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    if ('metadata' in value && 'data' in value) return (await this.decoded([value as Payload]))[0];
    const parts = await Promise.all(Object.entries(value).map(async ([name, part]) => [name, await this.opened(part)]));
    return Object.fromEntries(parts as [string, unknown][]);
  }

  private async decoded(payloads: Payload[]): Promise<Payload[]> {
    let open = payloads;
    for (const codec of [...this.converter.payloadCodecs].reverse()) open = await codec.decode(open);
    return open;
  }

  private get converter() {
    return this.client.options.loadedDataConverter;
  }
}
