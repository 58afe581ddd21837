/** What the recipe's activities need of the process. */
import type { Client } from '@temporalio/client';
import type { EventLog } from '#store/events/event-log.js';
import type { RecipeStore } from '#store/recipe-store.js';
import type { Events } from '#telemetry/events.js';
import type { Logger } from '#telemetry/logger.js';
import type { AppCalls } from '../app-calls/create-app-calls.js';

export interface RecipeActivityDeps {
  calls: Pick<AppCalls, 'actor' | 'caller'>;
  client: Client;
  store: { recipes: Pick<RecipeStore, 'project'> };
  events: Pick<Events, 'recipeParked' | 'jobStarted'>;
  eventLog: Pick<EventLog, 'note'>;
  logger: Pick<Logger, 'error' | 'warn'>;
}
