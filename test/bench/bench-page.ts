/** docs/bench.md: made of the newest report of each part, whichever run brought it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from './bench-table.js';
import { growthPicture } from './growth-picture.js';
import type { Report } from './row.js';

/** What was found when a number was missed, and what was done: written by hand, kept beside the code that measures. */
const CAUSES = join(__dirname, 'causes.md');

export function writeBenchPage(root: string, parts: string[], folder: string): void {
  const reports = parts.flatMap((part) => {
    const file = join(folder, `${part}.json`);
    return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as Report] : [];
  });
  const missing = parts.filter((part) => !reports.some((report) => report.part === part));
  // A page with holes would replace one without.
  if (missing.length > 0)
    return console.log(`docs/bench.md is left as it is: ${missing.join(', ')} has not run here yet.`);
  writeFileSync(
    join(root, 'docs', 'bench.md'),
    `${[head(reports), ...reports.map(section), readFileSync(CAUSES, 'utf8').trim()].join('\n\n')}\n`,
  );
  const series = reports.find((report) => report.series)?.series;
  if (series) writeFileSync(join(root, 'docs', 'bench-growth.svg'), growthPicture(series));
  console.log('Written: docs/bench.md');
}

function head(reports: Report[]): string {
  const rows = reports.flatMap((report) => report.rows.filter((row) => row.target));
  const met = rows.filter((row) => row.target?.met).length;
  const { cpu, cores, memoryMb, platform, node } = reports[0]!.machine;
  return [
    '# Bench',
    'Made by `npm run bench`; do not edit. Each number stands beside its floor: the least that the same machine needed for the bare thing, measured in the same run. Connections are real ones, each made by the whole consent over HTTP (`test/bench/many-connections.ts`), with gateway, worker, emulators, Temporal and MongoDB as processes of their own.',
    `**${met} of ${rows.length} numbers reached.** Machine: ${cpu}, ${cores} cores, ${memoryMb} MB, ${platform}, Node ${node}.`,
  ].join('\n\n');
}

function section(report: Report): string {
  const { part, at, commit, load, seconds, rows } = report;
  const notes = rows.flatMap((row) => (row.note ? [`- ${row.what}: ${row.note}.`] : []));
  return [
    `## ${part[0]!.toUpperCase()}${part.slice(1)}`,
    `${at.slice(0, 16).replace('T', ' ')} UTC, commit ${commit}, ${seconds} s, load of the machine at the beginning ${load.join(' / ')} (1, 5, 15 min).`,
    markdownTable(rows),
    notes.join('\n'),
    ...(part === 'growth' ? ['![Growth: time and memory by the number of connections](bench-growth.svg)'] : []),
  ].join('\n\n');
}
