/** Numbers of versions that hold nothing: renewals that failed were allotted one each, and failed for weeks perhaps. Pure. */
import type { Looked } from './looked.js';

/** Versions `from` to `to`, both included. */
export interface Gap {
  from: number;
  to: number;
}

/** What is left of a range of versions when those of the gap are left out. */
export function skippingGap(from: number, to: number, gap: Gap | undefined): Gap[] {
  const parts =
    gap === undefined || gap.to < from || gap.from > to
      ? [{ from, to }]
      : [
          { from, to: gap.from - 1 },
          { from: gap.to + 1, to },
        ];
  return parts.filter((part) => part.from <= part.to);
}

/** The tries between the version that was in force and the new one: the last one's intents may still be there, and those of open ones. */
export function gapAfter(looked: Looked | undefined, base: number, renewed: number): Gap | undefined {
  if (looked?.base !== base) return undefined;
  const from = Math.max(base, ...looked.open) + 1;
  const to = Math.min(looked.through, renewed) - 1;
  return from < to ? { from, to } : undefined;
}

/** The tries that are known already when another version comes into force. */
export function lookedFrom(looked: Looked | undefined, base: number, renewed: number): Looked | undefined {
  if (looked?.base !== base || looked.through <= renewed) return undefined;
  return { base: renewed, through: looked.through, open: looked.open.filter((version) => version > renewed) };
}
