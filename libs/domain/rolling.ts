/** Failure type with which an actor refuses an update while it rolls over to a new run: repeat with the same update id. */
export const ROLLING = 'Rolling';
