/** Reads Temporal's clock off each activity task that this process takes. */
import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import { temporalTime } from './temporal-time.js';

/** An interceptor for `interceptors.activity`: made for each task, before its activity runs. */
export function seeTemporalTime({ info }: Context): ActivityInterceptors {
  temporalTime.see(info.currentAttemptScheduledTimestampMs);
  return {};
}
