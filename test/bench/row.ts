/** What a part of the bench found: one row of the table for each number. */

import type { Growth } from './growth-part.js';

export interface Row {
  what: string;
  value: number;
  unit: string;
  /** The least that the same machine needs for the bare thing, measured in the same run. */
  floor: { what: string; value: number; unit?: string } | null;
  /** The number to reach (docs/decisions.md, "Growth is configuration"); null where it asks for none. */
  target: { text: string; met: boolean } | null;
  /** How it was measured, in a sentence. */
  note?: string;
}

export interface Report {
  part: string;
  machine: { cpu: string; cores: number; memoryMb: number; platform: string; node: string };
  at: string;
  commit: string;
  /** Load averages of the machine when the part began: what else ran beside it. */
  load: number[];
  seconds: number;
  rows: Row[];
  /** What the picture is drawn of. */
  series?: Growth[];
}

/** A row whose value has an upper bound. */
export function atMost(limit: number, row: Omit<Row, 'target'> & { text: string; compared?: number }): Row {
  const { text, compared = row.value, ...rest } = row;
  return { ...rest, target: { text, met: compared <= limit } };
}
