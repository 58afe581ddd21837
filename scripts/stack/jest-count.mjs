import fs from 'node:fs';

export const noTests = () => ({ passed: 0, failed: 0, skipped: 0 });

/**
 * Adds Jest's report to the counts. A file that could not be run at all has no tests to count, so it counts as one
 * failure; so does a Jest that failed without saying of what (a threshold, a crash, no report).
 */
export function countJest(counts, reportFile, jestPassed) {
  const before = counts.failed;
  if (fs.existsSync(reportFile)) {
    const report = JSON.parse(fs.readFileSync(reportFile, 'utf8'));
    counts.passed += report.numPassedTests;
    counts.failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
    counts.skipped += report.numPendingTests + report.numTodoTests;
  }
  if (!jestPassed && counts.failed === before) counts.failed += 1;
}

export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}
