/** Reads the record of an event that was too large to be carried, when a person reruns its job. */
import type { MissingField } from '#connector-sdk/connector.js';
import { ERROR_CODES, HawserError } from '#domain/errors.js';
import type { JobWarning, TriggerEvent } from '#domain/recipe.js';
import { inWords, jsonBytes, LARGEST_EVENT } from '#domain/sizes.js';
import { triggerFieldsOf } from '#mapping/trigger-fields.js';
import type { ReadEventInput, ReadEventOutcome } from '#workflows/job/activities.js';
import { toFailure } from '../app-calls/to-failure.js';
import { temporalNow } from '../temporal-time.js';
import type { JobActivityDeps } from './job-deps.js';

/** See `JobActivities.readEvent`. */
export async function readEvent(
  deps: Pick<JobActivityDeps, 'calls'>,
  input: ReadEventInput,
): Promise<ReadEventOutcome> {
  const { workspaceId, connectionId, trigger, recordId, expressions } = input;
  try {
    const { connector, context } = await deps.calls.caller.open({ workspaceId, connectionId });
    const operation = Object.hasOwn(connector.triggers, trigger.operation)
      ? connector.triggers[trigger.operation]
      : null;
    if (!operation?.read) throw tooLargeEvent('This trigger cannot read a record by itself.');
    const { events, missing = [] } = await operation.read(context, recordId, triggerFieldsOf(expressions));
    const [event] = events;
    if (!event) throw new HawserError('record_gone');
    if (event.unread) throw tooLargeEvent('It still is larger than one answer may be.');
    const bytes = jsonBytes(event.data);
    if (bytes > LARGEST_EVENT) throw tooLargeEvent(`It still has ${inWords(bytes)}.`);
    return { at: temporalNow(), event, warnings: warningsOf(missing) };
  } catch (error) {
    throw toFailure(error, { connectionId });
  }
}

const tooLargeEvent = (why: string): HawserError =>
  new HawserError('event_too_large', `${ERROR_CODES.event_too_large.text} ${why}`);

/** An event as a job may carry it: one that is too large keeps its identity alone, and says what it is. */
export function carried(event: TriggerEvent): { event: TriggerEvent; tooLarge: string | null } {
  const bytes = event.unread ? null : jsonBytes(event.data);
  if (bytes !== null && bytes <= LARGEST_EVENT) return { event, tooLarge: null };
  const { recordId, stamp } = event;
  const size = bytes === null ? 'It is larger than one answer of the app may be.' : `It has ${inWords(bytes)}.`;
  return {
    event: { recordId, stamp, data: {}, unread: true },
    tooLarge: `${ERROR_CODES.event_too_large.text} ${size}`,
  };
}

/** What the recipe reads and the events do not have. */
export const warningsOf = (missing: readonly MissingField[]): JobWarning[] =>
  missing.slice(0, MOST_WARNINGS).map(({ field, text }) => ({ code: 'field_unavailable', field, text }));

const MOST_WARNINGS = 50;
