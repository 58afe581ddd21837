import { table } from './table.mjs';

/** Killed at every step: one row per action and link, with what came of its cells; then every red cell by itself. */
export function matrixSection(lines) {
  const cells = [
    ...new Map(lines.filter(({ id, violations }) => id && violations).map((line) => [line.id, line])).values(),
  ];
  const plan = Object.assign({}, ...lines.map((line) => line.plan ?? {}));
  const planned = Object.values(plan)
    .flatMap(Object.values)
    .reduce((sum, frames) => sum + 2 * frames, 0);
  const red = cells.filter(({ violations }) => violations.length > 0);
  const missed = cells.filter(({ frame, violations }) => frame === null && violations.length === 0);
  const head = `## Killed at every step

For each action the frames on each link are counted in a dry run (a MongoDB message, a gRPC message, the head of an HTTP request or
answer). Then, cell by cell, the process at the near end of the link gets SIGKILL before or after frame k and is started again, and both
sides are compared: what the app believes, what the vault holds, what the actor says. Replay one: \`npm run proof -- cell <id>\`.

${planned} cells planned, ${cells.length} run: **${cells.length - red.length - missed.length} green, ${red.length} red**, ${missed.length} missed (the action had fewer frames than in the dry run, so nothing was killed), ${planned - cells.length} not run.`;
  const rows = [...groups(cells)]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, some]) => [
      name,
      some.length,
      tally(some),
      some.filter(({ violations }) => violations.length > 0).length,
    ]);
  const sections = [head, table(['action, link', 'cells', 'outcome', 'red'], rows)];
  if (red.length > 0)
    sections.push(
      `Red cells:\n\n${table(
        ['cell', 'killed at', 'what must not be'],
        red.map(({ id, frame, violations }) => [id, frame, violations.join('; ')]),
      )}`,
    );
  return sections;
}

function groups(cells) {
  const found = new Map();
  for (const cell of cells) {
    const [action, link] = cell.id.split('/');
    const name = `${action}, ${link} (${link.startsWith('worker') ? 'worker' : 'gateway'} killed)`;
    found.set(name, [...(found.get(name) ?? []), cell]);
  }
  return found;
}

function tally(cells) {
  const counts = new Map();
  for (const { outcome, frame } of cells) {
    const name = frame === null ? 'not killed' : outcome;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([outcome, count]) => `${count} × ${outcome}`).join('; ');
}
