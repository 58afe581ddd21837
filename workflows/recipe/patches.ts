/** Changes of behaviour that runs of older builds must not see. A name stays as long as a history without it may be replayed. */

/** A recipe rolls over while it waits too, and while it ends. */
export const WAITING_ROLLS = 'recipe-rolls-while-it-waits';

/** What a message holds that does not fit is left out. */
export const MESSAGES_ARE_CHECKED = 'recipe-messages-are-checked';
/** The failure of a poll that was asked for an older version does not park the newer one. */
export const OLD_POLL_IS_OLD = 'old-poll-is-old';
