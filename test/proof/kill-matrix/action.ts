/** What a cell does, and how it is judged. */
import type { Lane, Link } from './lane.js';

/** The kill that took place; null in a dry run. */
export interface Seen {
  link: Link;
  frame: string;
}

export interface Judgement {
  /** In one word, for the table. */
  outcome: string;
  /** What must not be: empty = green. */
  violations: string[];
}

export interface Prepared {
  /** The action itself, by patient callers: it resolves when everything that they asked for has come. */
  run(): Promise<void>;
  /** Looks at both sides when everything is quiet again. */
  check(seen: Seen | null): Promise<Judgement>;
}

export interface Action {
  name: string;
  prepare(lane: Lane): Promise<Prepared>;
}

export const workerWasKilled = (seen: Seen | null): boolean => seen?.link.startsWith('worker') ?? false;
