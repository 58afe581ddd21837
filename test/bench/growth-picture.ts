/** The picture of docs/bench.md: five small charts over the number of connections, both axes logarithmic. */
import type { Growth } from './growth-part.js';

interface Line {
  name: string;
  values: number[];
}

interface Chart {
  title: string;
  unit: string;
  lines: Line[];
}

const WIDTH = 300;
const HEIGHT = 220;
const INSET = { left: 52, right: 14, top: 46, bottom: 30 };
const COLUMNS = 3;
const INKS = ['#1f6feb', '#d1242f', '#1a7f37', '#9a6700', '#8250df'];

export function growthPicture(series: Growth[]): string {
  const over = (pick: (one: Growth) => number) => series.map(pick);
  const charts: Chart[] = [
    {
      title: 'Lease from the actor',
      unit: 'ms',
      lines: [
        { name: 'median', values: over((one) => one.lease.median) },
        { name: '95 %', values: over((one) => one.lease.p95) },
      ],
    },
    {
      title: 'Renewal storm: until a new token',
      unit: 's',
      lines: [
        { name: 'half', values: over((one) => one.storm.median) },
        { name: 'the last', values: over((one) => one.storm.seconds) },
      ],
    },
    {
      title: 'List',
      unit: 'ms',
      lines: [
        { name: 'a page of 100', values: over((one) => one.list.page) },
        { name: 'all pages', values: over((one) => one.list.all) },
      ],
    },
    {
      title: 'Restart of the worker',
      unit: 'ms',
      lines: [
        { name: 'ready', values: over((one) => one.restart.ready) },
        { name: 'first lease after', values: over((one) => one.restart.firstLease) },
      ],
    },
    {
      title: 'Resident memory',
      unit: 'MB',
      lines: Object.keys(series[0]?.memory ?? {}).map((name) => ({
        name,
        values: over((one) => one.memory[name] ?? 0),
      })),
    },
  ];
  const rows = Math.ceil(charts.length / COLUMNS);
  const body = charts
    .map((chart, index) =>
      place(
        draw(
          chart,
          series.map(({ size }) => size),
        ),
        index,
      ),
    )
    .join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH * COLUMNS} ${HEIGHT * rows}" font-family="system-ui, sans-serif" font-size="10">
<rect width="100%" height="100%" fill="#ffffff"/>
${body}
</svg>
`;
}

const place = (chart: string, index: number): string =>
  `<g transform="translate(${(index % COLUMNS) * WIDTH} ${Math.floor(index / COLUMNS) * HEIGHT})">\n${chart}\n</g>`;

function draw({ title, unit, lines }: Chart, sizes: number[]): string {
  const x = scale(Math.min(...sizes), Math.max(...sizes), INSET.left, WIDTH - INSET.right);
  const values = lines.flatMap((line) => line.values).filter((value) => value > 0);
  const [least, most] = [
    10 ** Math.floor(Math.log10(Math.min(...values))),
    10 ** Math.ceil(Math.log10(Math.max(...values))),
  ];
  const y = scale(least, most, HEIGHT - INSET.bottom, INSET.top);
  const decades: number[] = [];
  for (let value = least; value <= most * 1.001; value *= 10) decades.push(value);
  return [
    text(INSET.left, 16, `${title} (${unit})`, 'font-weight="600" font-size="12"'),
    ...decades.map(
      (value) =>
        `<path d="M${INSET.left} ${at(y(value))}H${WIDTH - INSET.right}" stroke="#d8dee4"/>${text(INSET.left - 5, y(value) + 3, short(value), 'text-anchor="end" fill="#57606a"')}`,
    ),
    ...sizes.map((size) =>
      text(x(size), HEIGHT - INSET.bottom + 14, size.toLocaleString('en'), 'text-anchor="middle" fill="#57606a"'),
    ),
    ...lines.map((line, index) => curve(line, index, sizes, x, y)),
    ...lines.map((line, index) =>
      text(INSET.left + (index % 3) * 82, 29 + Math.floor(index / 3) * 11, line.name, `fill="${INKS[index]}"`),
    ),
  ].join('\n');
}

function curve({ values }: Line, index: number, sizes: number[], x: Scale, y: Scale): string {
  const points = values.flatMap((value, at_) => (value > 0 ? [[x(sizes[at_]!), y(value)] as const] : []));
  const path = points.map(([px, py], first) => `${first === 0 ? 'M' : 'L'}${at(px)} ${at(py)}`).join('');
  const dots = points
    .map(([px, py]) => `<circle cx="${at(px)}" cy="${at(py)}" r="2.5" fill="${INKS[index]}"/>`)
    .join('');
  return `<path d="${path}" fill="none" stroke="${INKS[index]}" stroke-width="1.5"/>${dots}`;
}

type Scale = (value: number) => number;

function scale(least: number, most: number, from: number, to: number): Scale {
  const span = Math.log10(most / least) || 1;
  return (value) => from + ((to - from) * Math.log10(value / least)) / span;
}

const at = (value: number): string => value.toFixed(1);
const short = (value: number): string => (value >= 1_000 ? `${value / 1_000}k` : String(Number(value.toPrecision(3))));
const text = (px: number, py: number, words: string, style: string): string =>
  `<text x="${at(px)}" y="${at(py)}" ${style}>${words}</text>`;
