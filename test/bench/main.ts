/** `npm run bench -- [part …]`: runs the parts, prints a table, writes .cache/bench/<part>.json and docs/bench.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actorPart } from './actor-part.js';
import { writeBenchPage } from './bench-page.js';
import { startBench, type BenchStack } from './bench-stack.js';
import { textTable } from './bench-table.js';
import { gatewayPart } from './gateway-part.js';
import { growthPart, type Growth } from './growth-part.js';
import { leasePart } from './lease-part.js';
import { commit, load, machine } from './machine.js';
import { renewalPart } from './renewal-part.js';
import type { Report, Row } from './row.js';

type Found = Row[] | { rows: Row[]; series: Growth[] };
type Part = (
  stack: BenchStack,
  told: (text: string) => void,
  keep: (rows: Row[], series: Growth[]) => void,
) => Promise<Found>;

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, '.cache', 'bench');
const PARTS: Record<string, Part> = {
  lease: leasePart,
  renewal: (stack) => renewalPart(stack),
  actor: actorPart,
  gateway: gatewayPart,
  growth: growthPart,
};

/** Each part has a stack of its own: none sees what another left behind. */
async function run(part: string): Promise<Report> {
  const began = Date.now();
  const about = { part, machine: machine(), at: new Date().toISOString(), commit: commit(ROOT), load: load() };
  const told = (text: string) => console.log(`  …  ${part}: ${text}`);
  const report = (rows: Row[], series?: Growth[]): Report => {
    const made = { ...about, seconds: Math.round((Date.now() - began) / 1000), rows, ...(series && { series }) };
    writeFileSync(join(FOLDER, `${part}.json`), `${JSON.stringify(made, null, 2)}\n`);
    return made;
  };
  const stack = await startBench();
  try {
    // What is there so far is kept: a size that cannot be reached must not take the smaller ones along.
    const found = await PARTS[part]!(stack, told, report);
    return Array.isArray(found) ? report(found) : report(found.rows, found.series);
  } finally {
    await stack.stop();
  }
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((part) => !PARTS[part]);
  if (unknown.length > 0)
    throw new Error(`No such part: ${unknown.join(', ')}. Parts: ${Object.keys(PARTS).join(', ')}.`);
  mkdirSync(FOLDER, { recursive: true });
  const reports: Report[] = [];
  for (const part of wanted.length > 0 ? wanted : Object.keys(PARTS)) {
    const report = await run(part).catch((error: unknown) => {
      console.error(`${part} failed:`, error);
      return null;
    });
    // One that fails does not take the others along.
    if (!report) {
      process.exitCode = 1;
      continue;
    }
    reports.push(report);
    console.log(`\n${part} (${report.seconds} s, load ${report.load.join(' ')})\n${textTable(report.rows)}\n`);
  }
  writeBenchPage(ROOT, Object.keys(PARTS), FOLDER);
  const rows = reports.flatMap((report) => report.rows);
  const missed = rows.filter((row) => row.target?.met === false);
  console.log(
    `${rows.filter((row) => row.target?.met).length} reached, ${missed.length} missed. As JSON: .cache/bench`,
  );
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    process.exit(1);
  },
);
