/** Messages of runs that began before fields were checked. */
import { patched } from '@temporalio/workflow';

/** A message that does not fit, in a run of an older build (without `patch`): its history says what was made of it. Null in a newer run. */
export const uncheckedMessage = <T>(sent: T | undefined, patch: string): T | null =>
  sent !== undefined && !patched(patch) ? sent : null;
