/** Every row of the peer's faults has a test with its id in the name, or a reason; and the table says what was measured, no more. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RIVAL_FAULTS_FILE, rivalFaults } from './rival-faults.js';

const RENDERER = join(__dirname, '..', '..', 'scripts', 'proof', 'rival-section.mjs');
const sources = readdirSync(__dirname)
  .filter((file) => file.endsWith('.test.ts') || file.endsWith('.proof.ts'))
  .map((file) => readFileSync(join(__dirname, file), 'utf8'));
const ids = new Set(
  sources.flatMap((source) => [...source.matchAll(/^test\(\s*['"`](R-\d\d) /gm)].map(([, id]) => id)),
);
const recorded = new Set(
  sources.flatMap((source) => [...source.matchAll(/measured\(\s*'(R-\d\d)'/g)].map(([, id]) => id)),
);

test('the rows are numbered one after the other', () => {
  expect(rivalFaults.rows.map(({ id }) => id)).toEqual(
    rivalFaults.rows.map((_, index) => `R-${String(index + 1).padStart(2, '0')}`),
  );
});

test('every row has a test that records its outcome, or a reason why not; no test names a row that does not exist', () => {
  const without = rivalFaults.rows
    .filter(({ notApplicable, notMeasured }) => (notApplicable ?? notMeasured) === undefined)
    .map(({ id }) => id);
  expect(ids).toEqual(new Set(without));
  expect(recorded).toEqual(new Set(without));
});

/** Renders with the script itself, as `npm run proof` does; Jest cannot import it without a transform. */
function rendered(records: object[]): string {
  const program = `import { readFileSync } from 'node:fs'; import { rivalSection } from ${JSON.stringify(pathToFileURL(RENDERER).href)};
    process.stdout.write(rivalSection(${JSON.stringify(records)}, JSON.parse(readFileSync(${JSON.stringify(RIVAL_FAULTS_FILE)}, 'utf8'))));`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
}

test('the table: the quotation with version and date, distinct outcomes once, the missing ones named, bars escaped', () => {
  const record = (id: string, outcome: string, part = 'rival') => ({ part, id, outcome, at: 'now', commit: 'abc' });
  const table = rendered([
    record('R-03', 'kept'),
    record('R-03', 'kept'),
    record('R-03', 'a | b'),
    record('R-04', 'not ours', 'fuzz'),
  ]);
  const lines = table.split('\n');
  const row = (id: string) => lines.find((line) => line.startsWith(`| ${id} `)) ?? '';
  expect(lines[0]).toContain('0.71.4 (2f4c0af, 2026-08-21)');
  expect(row('R-03')).toMatch(/\| kept; a \\\| b \|$/);
  expect(row('R-04')).toMatch(/\*\*not measured\*\*/);
  expect(row('R-12')).toContain('not applicable: webhooks');
  expect(lines.filter((line) => line.startsWith('| R-'))).toHaveLength(rivalFaults.rows.length);
});
