/** Where a trigger begins: a word, or a date in the forms of ISO 8601 and of Salesforce itself. */
import { z } from 'zod';
import { readMoment } from '#connector-sdk/read-moment.js';

export type Since = 'beginning' | 'now' | number;

/** What SOQL takes as a date and time (SOQL reference, "Date Formats and Date Literals"). */
const LATEST = Date.parse('3999-12-31T00:00:00Z');

const HINT =
  'give "beginning", "now", or a date such as 2026-01-31 or 2026-01-31T09:00:00+01:00 (UTC where no zone is named)';

/** Nothing given (absent, null, empty) is "now". */
export const sinceSchema = z
  .string()
  .nullish()
  .transform((given, check): Since => {
    const since = readSince(given ?? '');
    if (since !== null) return since;
    check.addIssue({ code: 'custom', message: HINT });
    return z.NEVER;
  });

function readSince(given: string): Since | null {
  const word = given.trim().toLowerCase();
  if (word === '' || word === 'now') return 'now';
  if (word === 'beginning') return 'beginning';
  const moment = readMoment(given);
  if (moment === null || moment > LATEST) return null;
  // No org is older, and SOQL refuses years before 1700.
  return Math.max(0, moment);
}
