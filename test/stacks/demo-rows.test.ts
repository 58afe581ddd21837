/** The demo tells of every account: the list of jobs knows of the last one a moment after its recipe does. */
// @ts-expect-error -- a script without types
import { watchJobs } from '../../scripts/demo.mjs';

const job = (id: string) => ({
  id,
  steps: [{ output: { id: `org-${id}`, created: true } }],
  event: { data: { Name: `Account ${id}` }, recordId: id },
});
const JOBS = Array.from({ length: 12 }, (_, index) => job(String(index + 1)));

/** The lists hold so many jobs, one list after the other; the last stays. The recipe has ended them all from the beginning. */
async function rowsOf(listed: number[], recipe: object): Promise<string[]> {
  const rows: string[] = [];
  const call = async (_: string, path: string): Promise<unknown> => {
    if (path.startsWith('/v1/recipes/')) return recipe;
    const id = /^\/v1\/jobs\/(\w+)$/.exec(path)?.[1];
    if (id) return JOBS.find((one) => one.id === id);
    const items = JOBS.slice(0, listed.length > 1 ? listed.shift() : listed[0]);
    return { items: items.toReversed(), nextCursor: null };
  };
  await watchJobs({ call, recipeId: 'rec', log: (row: string) => void rows.push(row), note: () => undefined });
  return rows;
}

test('twelve rows, though the list knew of eleven when all jobs had ended', async () => {
  const rows = await rowsOf([11, 11, 12], { status: 'running', jobsStarted: 12, openJobs: 0 });
  expect(rows).toHaveLength(12);
  expect(rows.at(-1)).toContain('12 of 12');
});

test('a recipe that was stopped meanwhile is not waited for', async () => {
  expect(await rowsOf([3], { status: 'stopped', jobsStarted: 3, openJobs: 0 })).toHaveLength(3);
});
