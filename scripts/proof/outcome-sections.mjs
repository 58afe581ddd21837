import { table } from './table.mjs';

const TITLES = {
  storm: '## The storm: 300 accounts on their way, everything killed one after the other',
  rival: '## The faults of a row-and-lock design',
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
    return [`${title}\n\n${table(headOf([...newest.values()]), [...newest.values()].map(rowOf))}`];
  });
}

const peerOf = ({ outcome }) =>
  outcome !== null && typeof outcome === 'object' && 'peer' in outcome ? outcome.peer : null;

const headOf = (lines) =>
  lines.some(peerOf) ? ['what', 'measured', 'the peer, as quoted', 'commit'] : ['what', 'measured', 'commit'];

function rowOf(line) {
  const { id, outcome, commit } = line;
  const peer = peerOf(line);
  const shown = outcome !== null && typeof outcome === 'object' ? describe(outcome) : String(outcome);
  return peer === null ? [id, shown, commit] : [id, shown, peer, commit];
}

const describe = (outcome) =>
  Object.entries(outcome)
    .filter(([name]) => name !== 'peer')
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ');
