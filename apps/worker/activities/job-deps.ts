/** What the job's activities need of the process. */
import type { Client } from '@temporalio/client';
import type { Mappings } from '#mapping/mapping-pool.js';
import type { EventLog } from '#store/events/event-log.js';
import type { Events } from '#telemetry/events.js';
import type { Logger } from '#telemetry/logger.js';
import type { AppCalls } from '../app-calls/create-app-calls.js';
import type { SlotLimits } from './step-slots.js';

export interface JobActivityDeps {
  calls: Pick<AppCalls, 'actor' | 'caller'>;
  client: Client;
  mappings: Mappings;
  slots: SlotLimits;
  events: Pick<Events, 'jobParked' | 'jobEnded'>;
  eventLog: Pick<EventLog, 'note'>;
  logger: Pick<Logger, 'error'>;
}
