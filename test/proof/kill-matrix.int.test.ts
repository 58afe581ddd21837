/**
 * Kill at every step: for each action the process at the near end of a link is killed before and after each frame, started again, and
 * both sides are compared. `npm test` runs a seeded sample; `npm run proof -- matrix` runs all cells on several lanes and goes on where
 * it was interrupted; `npm run proof -- cell <id>` runs one.
 */
import { ACTIONS, cellId, dryRun, runCell, type CellResult } from './kill-matrix/cell.js';
import { LINKS, startLane, type Lane, type Link } from './kill-matrix/lane.js';
import { openResults, type Results } from './kill-matrix/results.js';
import { seededRandom } from '../support/seeded-random.js';

const full = process.env['HAWSER_PROOF'] === 'full';
const only = process.env['HAWSER_PROOF_CELL'];
const seed = Number(process.env['HAWSER_PROOF_SEED'] ?? Date.now() % 1_000_000);
const laneCount = Number(process.env['HAWSER_PROOF_LANES'] ?? 1);
const minutes = Number(process.env['HAWSER_PROOF_MINUTES'] ?? 600);
const cellsFile = process.env['HAWSER_PROOF_CELLS'] ?? '.cache/proof/cells.jsonl';

const lanes: Lane[] = [];
beforeAll(async () => {
  for (let index = 0; index < (full ? laneCount : 1); index += 1) lanes.push(await startLane());
}, 300_000);
afterAll(() => Promise.all(lanes.map((lane) => lane.stop())), 120_000);

const [firstLane] = [() => lanes[0] as Lane];

/** What a red cell prints: enough to replay it alone. */
const told = ({ id, frame, outcome, violations }: CellResult): string =>
  `${id} (killed at ${frame ?? 'no frame'}): ${outcome}${violations.length ? `; ${violations.join('; ')}` : ''}\n  replay: npm run proof -- cell ${id}`;

/** A kill that did not take place proves nothing: the action had fewer frames this time. Once more, then it counts as missed. */
async function cell(lane: Lane, id: string): Promise<CellResult> {
  const first = await runCell(lane, id);
  const result = first.frame === null && first.violations.length === 0 ? await runCell(lane, id) : first;
  if (full || only) process.stderr.write(`${told(result)}  ${result.ms} ms\n`);
  return result;
}

function cellsOf(plan: Results['plan']): string[] {
  return Object.entries(plan).flatMap(([action, counts]) =>
    LINKS.flatMap((link) =>
      Array.from({ length: counts[link] ?? 0 }, (_, index) => index + 1).flatMap((k) =>
        (['before', 'after'] as const).map((when) => cellId(action, { link, k, when })),
      ),
    ),
  );
}

async function planOf(lane: Lane, results: Results): Promise<Results['plan']> {
  for (const action of ACTIONS) {
    if (results.plan[action.name]) continue;
    const counts: Record<Link, number> = await dryRun(lane, action);
    results.plan[action.name] = counts;
    results.keepPlan({ [action.name]: counts });
  }
  return results.plan;
}

if (only) {
  test.each(only.split(','))(
    'cell %s',
    async (id) => {
      const result = await cell(firstLane(), id);
      openResults(cellsFile, false).add(result, seed);
      expect(result.violations).toEqual([]);
      expect(result.frame).not.toBeNull();
    },
    600_000,
  );
} else if (full) {
  test(
    'every cell is green',
    async () => {
      const results = openResults(cellsFile, process.env['HAWSER_PROOF_FRESH'] === '1');
      const plan = await planOf(firstLane(), results);
      const left = seededRandom(seed).shuffled(cellsOf(plan).filter((id) => !results.has(id)));
      const until = Date.now() + minutes * 60_000;
      const red: string[] = [];
      await Promise.all(
        lanes.map(async (lane) => {
          for (let id = left.shift(); id !== undefined && Date.now() < until; id = left.shift()) {
            const result = await cell(lane, id);
            results.add(result, seed);
            if (result.violations.length > 0) red.push(told(result));
          }
        }),
      );
      console.log(`${cellsOf(plan).length} cells, ${left.length} left`);
      expect(red).toEqual([]);
    },
    24 * 3_600_000,
  );
} else {
  /** One cell of each action where a kill hurts most, drawn by the seed, and a few more from anywhere. */
  test(`kill matrix, sample of seed ${seed}`, async () => {
    const random = seededRandom(seed);
    const early = (most: number): number => 1 + random.below(most);
    const when = (): 'before' | 'after' => (random.below(2) ? 'before' : 'after');
    const ids = [
      cellId('authorize', { link: 'worker-app', k: early(2), when: when() }),
      cellId('refresh', { link: 'worker-app', k: early(2), when: when() }),
      cellId('refresh', { link: 'gateway-temporal', k: early(4), when: when() }),
      cellId('disconnect-ended', { link: 'worker-app', k: early(4), when: when() }),
      cellId('poll', { link: 'worker-temporal', k: early(8), when: when() }),
      cellId('step', { link: 'worker-app', k: early(2), when: when() }),
    ];
    const results: CellResult[] = [];
    for (const id of ids) results.push(await cell(firstLane(), id));
    const red = results.filter(({ frame, violations }) => violations.length > 0 || frame === null);
    expect(red.map(told)).toEqual([]);
  }, 600_000);
}
