/** What a test measured, for docs/proof.md: one JSON line in the file that HAWSER_PROOF_OUT names; without it nothing is written. */
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';

let commit: string | null = null;

export function recordOutcome(part: string, id: string, outcome: unknown): void {
  const file = process.env.HAWSER_PROOF_OUT;
  if (!file) return;
  commit ??= execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  appendFileSync(file, `${JSON.stringify({ part, id, outcome, at: new Date().toISOString(), commit })}\n`);
}
