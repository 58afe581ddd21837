const seasons = ['Winter', 'Spring', 'Summer'];
export const oldest = 31;
export const newest = 68;

/** Of `v60.0`; NaN for anything else. */
export function versionNumber(path: string): number {
  const digits = /^v(\d{1,3})\.0$/.exec(path)?.[1];
  return digits === undefined ? Number.NaN : Number(digits);
}

/** Three releases a year; 20.0 was Winter '11. */
export function versionList(): { label: string; url: string; version: string }[] {
  return Array.from({ length: newest - oldest + 1 }, (_, i) => {
    const n = oldest + i;
    return {
      label: `${seasons[(n - 20) % 3]} '${11 + Math.floor((n - 20) / 3)}`,
      url: `/services/data/v${n}.0`,
      version: `${n}.0`,
    };
  });
}
