/**
 * Names of our search attributes. Temporal keeps their values in plain: ids, codes and states only.
 * `libs/temporal/search-attributes.ts` has the typed keys for clients; workflows make their own from these names.
 */
export const SEARCH_ATTRIBUTE = {
  workspace: 'HawserWorkspace',
  app: 'HawserApp',
  /** Status of a connection or a recipe. */
  status: 'HawserStatus',
  /** Error code that explains the status. */
  reason: 'HawserReason',
  recipe: 'HawserRecipe',
  /** Connection id that a parked job or recipe waits for. */
  waitingFor: 'HawserWaitingFor',
  /** Requirement that a parked job waits for, such as `organizations:write`. */
  missing: 'HawserMissing',
  jobState: 'HawserJobState',
  /** Hash of recipe and record: all jobs of one record (`libs/temporal/record-key.ts`). */
  record: 'HawserRecord',
  /** Since when the status holds (Datetime; all others are Keyword). */
  since: 'HawserSince',
} as const;
