/** What a test measured, for docs/proof.md: one JSON line in the file that HAWSER_PROOF_OUT names; without it nothing is written. */
import { appendFileSync } from 'node:fs';
import { git } from './git.js';

let commit: string | null = null;

export function recordOutcome(part: string, id: string, outcome: unknown): void {
  const file = process.env.HAWSER_PROOF_OUT;
  if (!file) return;
  commit ??= git('rev-parse', '--short', 'HEAD');
  appendFileSync(file, `${JSON.stringify({ part, id, outcome, at: new Date().toISOString(), commit })}\n`);
}
