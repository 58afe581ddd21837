/** Counts the cases of a test file that came to their end, for docs/proof.md. */
import { recordOutcome } from './record-outcome.js';

/** Records `{ cases, passed }` after the file's last test. Call the answer at the end of each case. */
export function countPassed(id: string, cases: number, more: Record<string, unknown> = {}): () => void {
  let passed = 0;
  afterAll(() => recordOutcome('security', id, { cases, passed, ...more }));
  return () => void (passed += 1);
}
