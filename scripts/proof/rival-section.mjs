// The peer's faults beside what our tests measured, as one Markdown table (docs/proof.md). The peer's column is a quotation with
// its version and date; ours comes from the records of a run, and a row without a record says so.

/**
 * @param {{part: string, id: string, outcome: unknown, at: string, commit: string}[]} records lines of HAWSER_PROOF_OUT
 * @param {{peer: string, commit: string, version: string, date: string, note: string, rows: {id: string, reference: string, fault: string, notApplicable?: string}[]}} faults test/rival/rival-faults.json
 */
export function rivalSection(records, faults) {
  const ours = records.filter((record) => record.part === 'rival');
  const quoted = `${faults.peer} ${faults.version} (${faults.commit}, ${faults.date})`;
  return [
    `| id | reference | quoted: ${cell(quoted)} | Hawser, measured |`,
    '|---|---|---|---|',
    ...faults.rows.map(
      (row) => `| ${row.id} | ${cell(row.reference)} | “${cell(row.fault)}” | ${outcomeOf(row, ours)} |`,
    ),
    '',
    cell(faults.note),
    '',
  ].join('\n');
}

/** Each distinct outcome once, in the order in which they were recorded. */
function outcomeOf(row, records) {
  const outcomes = new Set(
    records.filter((record) => record.id === row.id).map((record) => cell(textOf(record.outcome))),
  );
  if (outcomes.size > 0) return [...outcomes].join('; ');
  if (row.notMeasured) return `**not measured**: ${cell(row.notMeasured)}`;
  return row.notApplicable ? `not applicable: ${cell(row.notApplicable)}` : '**not measured**';
}

const textOf = (outcome) => (typeof outcome === 'string' ? outcome : JSON.stringify(outcome));

/** Inside a table cell a bar and a line break would end it. */
const cell = (text) =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ');
