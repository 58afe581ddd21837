import { ServiceError, type Client } from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';
import { queryActor } from './query-actor.js';

const QUERY = { type: 'query', name: 'status' } as unknown as QueryDefinition<string, []>;
const grpc = (code: number): Error =>
  new ServiceError('x', { cause: Object.assign(new Error('x'), { code, details: 'x' }) });

/** A client whose questions end as `answers` say, one per question; the last is repeated. */
function clientOf(...answers: (() => Promise<string>)[]) {
  const deadlines: number[] = [];
  const client = {
    withDeadline: (deadline: number, work: () => Promise<unknown>) => {
      deadlines.push(deadline - Date.now());
      return work();
    },
    workflow: {
      getHandle: () => ({
        query: () => (answers[Math.min(deadlines.length, answers.length) - 1] as () => Promise<string>)(),
      }),
    },
  };
  return { client: client as unknown as Client, deadlines };
}

const wish = (deadlineMs: number) => ({ workflowId: 'connection/a', query: QUERY, args: [] as [], deadlineMs });
const lost = () => Promise.reject(grpc(4));
const said = () => Promise.resolve('connected');

test("a question that nobody has answered is asked again within the caller's deadline", async () => {
  const { client, deadlines } = clientOf(lost, lost, said);
  await expect(queryActor(client, wish(15_000))).resolves.toBe('connected');
  expect(deadlines).toHaveLength(3);
  expect(Math.max(...deadlines)).toBeLessThanOrEqual(5_000);
});

test('at the deadline it is given up', async () => {
  const { client, deadlines } = clientOf(lost);
  await expect(queryActor(client, wish(0))).rejects.toMatchObject({ code: 'temporarily_unavailable' });
  expect(deadlines).toHaveLength(1);
});

test('another failure is told at once', async () => {
  const { client, deadlines } = clientOf(() => Promise.reject(grpc(14)), said);
  await expect(queryActor(client, wish(15_000))).rejects.toMatchObject({ code: 'temporarily_unavailable' });
  expect(deadlines).toHaveLength(1);
});
