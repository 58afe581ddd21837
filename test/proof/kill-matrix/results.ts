/** Results of cells as JSON lines, so that an interrupted run goes on where it stood and `npm run proof -- report` can tell of them. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname } from 'node:path';
import { git } from '../../support/git.js';
import type { CellResult } from './cell.js';

export interface Results {
  /** What was done before at this commit or any other: a cell is run once, unless the file is made anew. */
  has(id: string): boolean;
  /** Frames of each action on each link, as counted when the run began. */
  plan: Record<string, Record<string, number>>;
  keepPlan(plan: Results['plan']): void;
  add(result: CellResult, seed: number): void;
}

export function openResults(file: string, fresh: boolean): Results {
  mkdirSync(dirname(file), { recursive: true });
  if (fresh) rmSync(file, { force: true });
  const lines = existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, any>)
    : [];
  const done = new Set(lines.flatMap((line) => (typeof line['id'] === 'string' ? [line['id']] : [])));
  const commit = git('rev-parse', '--short', 'HEAD');
  // The report itself is written by the runs.
  const dirty = git('status', '--porcelain', '--', '.', ':!docs/proof.md') !== '';
  const append = (line: object): void =>
    appendFileSync(file, `${JSON.stringify({ ...line, at: new Date().toISOString(), commit, dirty })}\n`);
  return {
    has: (id) => done.has(id),
    plan: Object.assign({}, ...lines.map((line) => line['plan'] ?? {})) as Results['plan'],
    keepPlan: (plan) => append({ plan }),
    add: (result, seed) => {
      done.add(result.id);
      append({ ...result, seed, load: Number(loadavg()[0]?.toFixed(1)) });
    },
  };
}
