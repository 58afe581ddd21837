/** The rows as a table: for a terminal, and for docs/bench.md. */
import type { Row } from './row.js';

const HEAD = ['what', 'measured', 'floor', 'to reach', ''];

export const figure = (value: number): string =>
  Number.isInteger(value)
    ? String(value)
    : Math.abs(value) >= 100
      ? value.toFixed(0)
      : Math.abs(value) >= 10
        ? value.toFixed(1)
        : value.toFixed(2);

function cells(row: Row): string[] {
  const floor = row.floor ? `${figure(row.floor.value)} ${row.floor.unit ?? row.unit} (${row.floor.what})` : '';
  return [
    row.what,
    `${figure(row.value)} ${row.unit}`,
    floor,
    row.target?.text ?? '',
    row.target ? (row.target.met ? 'reached' : 'MISSED') : '',
  ];
}

export function textTable(rows: Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function markdownTable(rows: Row[]): string {
  const line = (values: string[]) => `| ${values.map((value) => value.replace(/\|/g, '\\|')).join(' | ')} |`;
  return [
    line([...HEAD.slice(0, 4), 'reached?']),
    line(HEAD.map(() => '---')),
    ...rows.map((row) => line(cells(row))),
  ].join('\n');
}
