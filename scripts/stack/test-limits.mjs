/**
 * Limits of the Temporal that tests run on: a fiftieth of a production server's, so that a run that grows without bound is terminated
 * within minutes instead of days. The blob limit stays the server's own.
 */
export const TEST_LIMITS = {
  'limit.historyCount.suggestContinueAsNew': 400,
  'limit.historyCount.error': 1_000,
  'limit.historySize.error': 4 * 1024 * 1024,
};
