// docs/proof.md from what the runs have written into .cache/proof: nothing in it is written by hand, red rows stay red.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { matrixSection } from './matrix-section.mjs';
import { outcomeSections } from './outcome-sections.mjs';
import { rivalSection } from './rival-section.mjs';

const INTRODUCTION = `# Proof

Made by \`npm run proof -- report\` from what the runs have measured; nothing here is written by hand. \`npm run proof\` runs everything anew
and goes on where an interrupted run stood (\`--fresh\` begins again). A red row is shown as red.`;

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
  const parts = [
    INTRODUCTION,
    machine(lines),
    ...matrixSection(lines),
    `## The faults of a row-and-lock design\n\n${rivalSection(lines, faults)}`,
    ...outcomeSections(lines.filter(({ part }) => part !== 'rival')),
    RESIDUAL,
  ];
  fs.writeFileSync(file, `${parts.join('\n\n')}\n`);
  log(`Written: ${path.relative(root, file)}`);
}

function readLines(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => fs.readFileSync(path.join(folder, name), 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line));
}

function machine(lines) {
  const commits = [...new Set(lines.map(({ commit, dirty }) => `${commit}${dirty ? ' with changes' : ''}`))];
  const moments = lines.map(({ at }) => at).sort();
  const loads = lines.flatMap(({ load }) => (typeof load === 'number' ? [load] : []));
  const rows = [
    `- Machine: ${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node.js ${process.version}, ${os.platform()}`,
    `- Measured: ${moments[0] ?? 'nothing yet'} to ${moments.at(-1) ?? ''}`,
    `- Commits: ${commits.join(', ') || 'none'}`,
  ];
  if (loads.length > 0) rows.push(`- Load of the machine meanwhile: ${Math.min(...loads)} to ${Math.max(...loads)}`);
  return rows.join('\n');
}
