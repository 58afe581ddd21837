/** Changes of behaviour that runs of older builds must not see. A name stays as long as a history without it may be replayed. */

/** A step whose input no worker could open was not begun: the job waits, it does not fail. */
export const UNREAD_STEP_IS_PARKED = 'unread-step-is-parked';

/** A job rolls over while it waits too: for its predecessor, in a pause, parked. */
export const WAITING_ROLLS = 'job-rolls-while-it-waits';

/** What a message holds that does not fit is left out. */
export const MESSAGES_ARE_CHECKED = 'job-messages-are-checked';
