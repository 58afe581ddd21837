/**
 * How large what a job carries may be, in bytes of its JSON. Temporal takes payloads of 2 MB (sealed they grow by a third) and ends a
 * run whose history outgrows it: so each is bounded where it comes in, never where it would be refused.
 */

/** Data of one trigger event; a larger one becomes a job that has failed with `event_too_large`. */
export const LARGEST_EVENT = 100_000;
/** Input of one step; a larger one is refused before anything is sent. */
export const LARGEST_INPUT = 100_000;
/** Output of one step: what is beyond is cut, but for the record's id and what later steps may read. */
export const LARGEST_OUTPUT = 64_000;
/** What later steps may read of one output; what is beyond is cut too, and a step that reads it is refused. */
export const LARGEST_READ_OUTPUT = 250_000;
/** State of a job: it must fit into the start of its next run. */
export const LARGEST_JOB_STATE = 1_000_000;
/** Beyond this a job does not begin a step: the step's own input and output must still fit in. */
export const JOB_STATE_BEFORE_STEP = LARGEST_JOB_STATE - LARGEST_INPUT - LARGEST_READ_OUTPUT - 10_000;
/** A job whose run has more history than this goes on in a new one. */
export const LARGEST_JOB_HISTORY = 2_000_000;

/** Bytes of a value's JSON in UTF-8. Counted by hand: workflows have no Buffer. */
export function jsonBytes(value: unknown): number {
  const text = JSON.stringify(value) ?? '';
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // Two units of a surrogate pair are four bytes: two each.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** `1.2 MB` or `131 KB`, for sentences. */
export function inWords(bytes: number): string {
  return bytes >= 1_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${Math.ceil(bytes / 1_000)} KB`;
}
