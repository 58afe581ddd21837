// docs/proof.md from what the runs have written into .cache/proof: nothing in it is written by hand, red rows stay red. A section of
// which nothing was measured in this folder stays as it is: its rows name their commits.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { matrixSection } from './matrix-section.mjs';
import { outcomeSections } from './outcome-sections.mjs';
import { rivalSection } from './rival-section.mjs';

const INTRODUCTION = `# Proof

Made by \`npm run proof -- report\` from what the runs have measured; nothing here is written by hand. \`npm run proof\` runs everything anew
and goes on where an interrupted run stood (\`--fresh\` begins again). A red row is shown as red.`;

const NOT_RUN = 'Not run.';

const RESIDUAL = `## What no design of ours can close

Between the last look at the clock (*send-before*) and the first byte of a token request a process can be paused by its machine. If it is
paused there for longer than the server waits for its heartbeat, another try may go out, and then the first. Both are written down as
intents before; at an app that rotates strictly the second of them may find its refresh token spent. The connection then says
\`rotation_lost\`; it never claims to be revoked, and it never loops.`;

/** Reads every result and writes docs/proof.md. */
export function writeReport({ root, proofFolder, log }) {
  const lines = readLines(proofFolder);
  const file = path.join(root, 'docs', 'proof.md');
  const faults = JSON.parse(fs.readFileSync(path.join(root, 'test', 'rival', 'rival-faults.json'), 'utf8'));
  const has = (part) => lines.some((line) => line.part === part);
  const sections = [
    ...(lines.some(({ violations }) => violations) ? matrixSection(lines) : [`## Killed at every step\n\n${NOT_RUN}`]),
    `## The faults of a row-and-lock design\n\n${has('rival') ? rivalSection(lines, faults) : NOT_RUN}`,
    ...outcomeSections(lines.filter(({ part }) => part !== 'rival')),
  ];
  const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const parts = [INTRODUCTION, machine(lines, before), ...withEarlier(sections, before), RESIDUAL];
  fs.writeFileSync(file, `${parts.join('\n\n')}\n`);
  log(`Written: ${path.relative(root, file)}`);
}

/** Sections that were not measured here are taken from the page as it was. */
function withEarlier(sections, page) {
  const earlier = new Map(
    page
      .split(/^(?=## )/m)
      .slice(1)
      .map((section) => [titleOf(section), section.trim()]),
  );
  earlier.delete(titleOf(RESIDUAL));
  const titles = sections.map(titleOf);
  const kept = sections.map((section) =>
    section.includes(NOT_RUN) ? (earlier.get(titleOf(section)) ?? section) : section,
  );
  return [...kept, ...[...earlier].filter(([title]) => !titles.includes(title)).map(([, section]) => section)];
}

const titleOf = (section) => section.slice(0, section.indexOf('\n'));

function readLines(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => fs.readFileSync(path.join(folder, name), 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line));
}

/** Of all that the page shows: what was measured before stands in it too. */
function machine(lines, before) {
  const said = (pattern) => (pattern.exec(before)?.[1] ?? '').split(/, | to /).filter(Boolean);
  const commits = [
    ...new Set([
      ...said(/^- Commits: (?!none)(.*)$/m),
      ...lines.map(({ commit, dirty }) => `${commit}${dirty ? ' with changes' : ''}`),
    ]),
  ];
  const moments = [...said(/^- Measured: (\d.*)$/m), ...lines.map(({ at }) => String(at))].sort((a, b) =>
    a.localeCompare(b),
  );
  const loads = [
    ...said(/^- Load of the machine meanwhile: (.*)$/m).map(Number),
    ...lines.flatMap(({ load }) => (typeof load === 'number' ? [load] : [])),
  ];
  const rows = [
    `- Machine: ${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node.js ${process.version}, ${os.platform()}`,
    `- Measured: ${moments[0] ?? 'nothing yet'} to ${moments.at(-1) ?? ''}`,
    `- Commits: ${commits.join(', ') || 'none'}`,
  ];
  if (loads.length > 0) rows.push(`- Load of the machine meanwhile: ${Math.min(...loads)} to ${Math.max(...loads)}`);
  return rows.join('\n');
}
