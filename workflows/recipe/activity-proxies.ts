/** The port to the world as the recipe calls it: how long each kind of work may take, and how often it is tried. */
import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { RecipeActivities } from './activities.js';

/**
 * Repeats by itself while there is nothing new (no history). A poll under way is never torn: its outcome tells which jobs it
 * has started, so a cancel is waited for.
 */
export const polling = proxyActivities<RecipeActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '15 s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '2 s', maximumInterval: '1 minute' },
});

/** Short questions and the projection. */
export const asking = proxyActivities<RecipeActivities>({
  startToCloseTimeout: '30 s',
  retry: { maximumInterval: '1 minute' },
});
