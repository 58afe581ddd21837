/** One question for design-time metadata. Its failure keeps the activity's error code as type. */
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import { proxyActivities } from '@temporalio/workflow';
import { ERROR_CODES } from '#domain/errors.js';
import type { MetadataActivities } from './activities.js';
import type { MetadataInput, MetadataResult } from './messages.js';

// A person waits at a screen: one attempt, and the time-outs of a page.
const { readMetadata } = proxyActivities<MetadataActivities>({
  startToCloseTimeout: '40 s',
  scheduleToCloseTimeout: '50 s',
  retry: { maximumAttempts: 1 },
});

export async function metadataWorkflow(input: MetadataInput): Promise<MetadataResult> {
  try {
    return await readMetadata(input);
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : undefined;
    // Thrown itself, not wrapped: the gateway maps its type to an answer.
    if (cause instanceof ApplicationFailure) throw cause;
    if (cause instanceof TimeoutFailure)
      throw ApplicationFailure.nonRetryable(ERROR_CODES.app_unavailable.text, 'app_unavailable');
    throw error;
  }
}
