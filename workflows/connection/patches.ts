/** Changes of behaviour that runs of older builds must not see. A name stays as long as a history without it may be replayed. */

/** A person's refresh of a version that was just renewed is a verification. */
export const YOUNG_IS_VERIFIED = 'young-version-is-verified';

/** An ambiguous renewal of a rejected token is repeated by itself, soon, whoever reports the rejection, and whenever. */
export const REJECTED_IS_REPEATED = 'rejected-is-repeated';

/** A run that is long enough goes on in a new one before its next piece of work, not only when there is none. */
export const ROLL_BEFORE_WORK = 'roll-before-work';

/** A late answer is looked for at once, also where a renewal waits for it. */
export const LATE_ANSWER_AT_ONCE = 'late-answer-at-once';

/** An answer that comes while its version is being retired is retired anew: what was looked for may not have been there yet. */
export const LATE_ANSWER_STAYS = 'late-answer-stays';

/** What a grant of an older build lives by is kept before the settings or the app client are changed for the first time. */
export const SETTINGS_ARE_FROZEN = 'settings-are-frozen';

/** What a signal holds that does not fit in type, range or length is left out. */
export const MESSAGES_ARE_CHECKED = 'connection-messages-are-checked';

/** A run that an operator has reset compares itself with the store before it does anything else. */
export const RESET_IS_RECONCILED = 'reset-is-reconciled';

/** While an announcement is under way the actor serves as ever, and rolls over after it. */
export const ROLLS_AFTER_ANNOUNCING = 'rolls-after-announcing';
