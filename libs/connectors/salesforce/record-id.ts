/** Salesforce ids: 15 characters that differ by case, or 18 with a suffix that makes them safe without case (README.md, "Data"). */

const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The 18-character form of an id: each suffix character says which of five characters are capital letters. */
export function longId(id: string): string {
  if (id.length !== 15) return id;
  let suffix = '';
  for (let part = 0; part < 3; part += 1) {
    let bits = 0;
    for (let place = 0; place < 5; place += 1) if (/[A-Z]/.test(id[part * 5 + place] ?? '')) bits |= 1 << place;
    suffix += SUFFIX[bits];
  }
  return id + suffix;
}
