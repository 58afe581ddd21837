import {
  ServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError, type UpdateDefinition } from '@temporalio/common';
import { updateActor } from './update-actor.js';

const UPDATE = { type: 'update', name: 'ensureFresh' } as unknown as UpdateDefinition<string, [number]>;
const grpc = (code: number, details: string): Error => Object.assign(new Error(details), { code, details });
const refused = (type: string, message = 'said'): Error =>
  new WorkflowUpdateFailedError('failed', ApplicationFailure.nonRetryable(message, type));

/** A client whose workflow answers by `answers`, one per call; the last is repeated. */
function clientOf(...answers: (() => Promise<string>)[]) {
  const calls: { workflowId: string; updateId: string }[] = [];
  const client = {
    withDeadline: (_deadline: number, work: () => Promise<unknown>) => work(),
    workflow: {
      getHandle: (workflowId: string) => ({
        executeUpdate: (_update: unknown, { updateId }: { updateId: string }) => {
          calls.push({ workflowId, updateId });
          return (answers[Math.min(calls.length, answers.length) - 1] as () => Promise<string>)();
        },
      }),
    },
  };
  return { client: client as unknown as Client, calls };
}

const wish = (more: object = {}) => ({
  workflowId: 'connection/a',
  update: UPDATE,
  args: [1] as [number],
  updateId: 'u1',
  deadlineMs: 5_000,
  ...more,
});
const ok = () => Promise.resolve('lease');

describe('an update to an actor', () => {
  it.each<[string, Error]>([
    ['Rolling', refused('Rolling')],
    ['AcceptedUpdateCompletedWorkflow', refused('AcceptedUpdateCompletedWorkflow')],
    [
      'a failed workflow task',
      new ServiceError('Workflow Update failed', { cause: grpc(9, 'unexpected workflow task failure') }),
    ],
    ['update not found', new WorkflowNotFoundError('update "u1" not found', 'connection/a', undefined)],
    ['an update that no workflow task has taken', refused('UnprocessedUpdate')],
    [
      'too many in flight',
      new ServiceError('x', { cause: grpc(8, 'limit of in-flight updates has been reached (10)') }),
    ],
  ])('is sent again with the same id on %s', async (_name, error) => {
    const { client, calls } = clientOf(() => Promise.reject(error), ok);
    await expect(updateActor(client, wish())).resolves.toBe('lease');
    expect(calls.map((call) => call.updateId)).toEqual(['u1', 'u1']);
  });

  it.each<[string, Error, string]>([
    ["the actor's own code", refused('in_use', 'two recipes use it'), 'in_use'],
    [
      'a workflow that does not run',
      new WorkflowNotFoundError('workflow not found for ID: connection/a', 'connection/a', undefined),
      'not_found',
    ],
    [
      'a workflow that is closed',
      new WorkflowNotFoundError('workflow execution already completed', 'connection/a', undefined),
      'not_found',
    ],
    [
      'the deadline',
      new WorkflowUpdateRPCTimeoutOrCancelledError('late', { cause: grpc(4, 'Deadline exceeded') }),
      'temporarily_unavailable',
    ],
    ['no server', new ServiceError('x', { cause: grpc(14, 'connection refused') }), 'temporarily_unavailable'],
  ])('names %s', async (_name, error, code) => {
    const { client, calls } = clientOf(() => Promise.reject(error));
    await expect(updateActor(client, wish({ whenLost: 'not_found' }))).rejects.toMatchObject({
      name: 'HawserError',
      code,
    });
    expect(calls).toHaveLength(1);
  });

  it('reads a workflow that does not run as actor_lost unless told otherwise', async () => {
    const { client } = clientOf(() =>
      Promise.reject(new WorkflowNotFoundError('workflow not found', 'connection/a', undefined)),
    );
    await expect(updateActor(client, wish())).rejects.toMatchObject({ code: 'actor_lost' });
  });

  it('leaves a fault of ours as it came', async () => {
    const fault = refused('TypeError');
    const { client } = clientOf(() => Promise.reject(fault));
    await expect(updateActor(client, wish())).rejects.toBe(fault);
  });

  it('is one call for all callers of the same wish, and a new one afterwards', async () => {
    const { client, calls } = clientOf(ok);
    const results = await Promise.all(Array.from({ length: 30 }, () => updateActor(client, wish())));
    expect(results).toEqual(Array.from({ length: 30 }, () => 'lease'));
    expect(calls).toHaveLength(1);
    await updateActor(client, wish());
    expect(calls).toHaveLength(2);
  });

  it('keeps at most ten in flight on one actor', async () => {
    let running = 0;
    let most = 0;
    const slow = async () => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return 'lease';
    };
    const { client, calls } = clientOf(slow);
    await Promise.all(Array.from({ length: 40 }, (_, index) => updateActor(client, wish({ updateId: `u${index}` }))));
    expect(calls).toHaveLength(40);
    expect(most).toBe(10);
  });

  it.each([
    refused('UnprocessedUpdate'),
    refused('AcceptedUpdateCompletedWorkflow'),
    new ServiceError('x', { cause: grpc(8, 'limit') }),
  ])('a flood that lasts to the deadline is our trouble, with a code (%s)', async (error) => {
    const { client } = clientOf(() => Promise.reject(error));
    await expect(updateActor(client, wish({ deadlineMs: 100 }))).rejects.toMatchObject({
      name: 'HawserError',
      code: 'temporarily_unavailable',
    });
  });

  it('leaves each caller at its own deadline; a longer one begins again', async () => {
    const { client, calls } = clientOf(() => Promise.reject(refused('Rolling')));
    const short = updateActor(client, wish({ deadlineMs: 60 }));
    const long = updateActor(client, wish({ deadlineMs: 400 }));
    await expect(short).rejects.toMatchObject({ code: 'temporarily_unavailable' });
    const callsThen = calls.length;
    await expect(long).rejects.toMatchObject({ code: 'temporarily_unavailable' });
    expect(calls.length).toBeGreaterThan(callsThen);
  });
});
