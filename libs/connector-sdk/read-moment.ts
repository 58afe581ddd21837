/**
 * Reads a date, or a date and time, as ISO 8601 and the vendors write it: `2026-11-30`, `2026-11-30T10:00:00`, `…Z`, `…+01:00`, and
 * `…000+0000`, which is how Salesforce answers. Without a zone it is UTC.
 * @returns Epoch milliseconds, or null when it is none (a day that the calendar does not have is none).
 */
export function readMoment(text: string): number | null {
  const parts = FORM.exec(text.trim());
  if (!parts) return null;
  const [, date = '', time = '00:00', seconds = '00', fraction = '0', sign, hours = '0', minutes = '0'] = parts;
  const local = Date.parse(`${date}T${time}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`);
  // A day such as February 30 is read as one in March.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(date)) return null;
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? local + offset : local - offset;
}

const FORM =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ]([01]\d:[0-5]\d|2[0-3]:[0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,9}))?)?(?:[Zz]|([+-])(\d{2}):?(\d{2})?)?)?$/;
