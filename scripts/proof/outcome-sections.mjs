import { table } from './table.mjs';

const TITLES = {
  storm: '## The storm: 300 accounts on their way, everything killed one after the other',
  many: '## Big and many: one recipe, a concurrency of 100',
  'long-life': '## A year in minutes',
  herds: '## Herds',
  stores: '## Stores that fail',
  fuzz: '## Lies',
};

/** What tests have recorded (test/support/record-outcome.ts), one section per part; of each measurement the newest counts. */
export function outcomeSections(lines) {
  const recorded = lines.filter(({ part, id }) => part && id);
  const parts = [...new Set([...Object.keys(TITLES), ...recorded.map(({ part }) => part)])];
  return parts.flatMap((part) => {
    const newest = new Map(recorded.filter((line) => line.part === part).map((line) => [line.id, line]));
    const title = TITLES[part] ?? `## ${part}`;
    if (newest.size === 0) return [`${title}\n\nNot run.`];
    return [`${title}\n\n${table(['what', 'measured', 'commit'], [...newest.values()].map(rowOf))}`];
  });
}

function rowOf({ id, outcome, commit }) {
  const shown = outcome !== null && typeof outcome === 'object' ? describe(outcome) : String(outcome);
  return [id, shown, commit];
}

const describe = (outcome) =>
  Object.entries(outcome)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ');
