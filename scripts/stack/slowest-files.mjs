import fs from 'node:fs';
import path from 'node:path';

/** The slowest test files of Jest's report, one line each, and those that failed. `[]` where there is no report. */
export function readTestFiles(root, report) {
  if (!fs.existsSync(report)) return [];
  return JSON.parse(fs.readFileSync(report, 'utf8')).testResults.map(({ name, startTime, endTime, status }) => ({
    file: path.relative(root, name),
    seconds: (endTime - startTime) / 1000,
    failed: status === 'failed',
  }));
}

export const slowest = (files, count = 10) =>
  files
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ file, seconds }) => `  ${seconds.toFixed(1).padStart(6)} s  ${file}`);
