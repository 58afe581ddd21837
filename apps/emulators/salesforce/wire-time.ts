/** `2011-07-07T00:37:00.000+0000`: seconds only, milliseconds always zero, no colon in the zone (saas-apis 2.6). */
export function wireTime(ms: number): string {
  return `${new Date(Math.floor(ms / 1_000) * 1_000).toISOString().slice(0, 19)}.000+0000`;
}

/** Milliseconds of any ISO form that the API accepts; NaN otherwise. */
export function parseTime(text: string): number {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.test(text)) return Number.NaN;
  const colon = text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(colon) ? colon : `${colon}Z`);
}
