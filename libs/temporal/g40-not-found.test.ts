import { ServiceError } from '@temporalio/client';
import { NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/common';
import { mapTemporalError } from './map-temporal-error.js';

/** As the client makes it of a gRPC NOT_FOUND: the server's text is the message. */
const notFound = (text: string) => new WorkflowNotFoundError(text, 'job/ws_a/job_b', undefined);

test.each([
  'workflow not found for ID: job/ws_a/job_b',
  'workflow execution already completed',
  'workflow execution not found for workflow ID "job/ws_a/job_b" and run ID "r"',
  'workflow execution not found',
  'Workflow executionsRow not found.  WorkflowId: job/ws_a/job_b, RunId: r',
  'Workflow execution history not found.',
])('g40: "%s" is the loss of the workflow', (text) => {
  expect(mapTemporalError(notFound(text), 'not_found')).toMatchObject({ code: 'not_found' });
});

test.each([
  ['a namespace, as the client names it', new NamespaceNotFoundError('hawser')],
  ['a namespace, without its details', notFound('Namespace hawser is not found.')],
  ['a namespace by its id', notFound('namespace not found: 7a1c')],
  ['a shard', notFound('GetOrCreateShard: ShardID 1 not found. Error: sql: no rows in result set')],
  ['user data of a task queue', notFound('task queue user data not found for x.jobs')],
  ['a workflow task', notFound('Workflow task not found.')],
  ['a query task', notFound('query task not found, or already expired')],
  [
    'an answer that names nothing',
    new ServiceError('x', { cause: Object.assign(new Error('5 NOT_FOUND'), { code: 5, details: '' }) }),
  ],
])('g40: not found of %s passes and says nothing about the workflow', (_name, error) => {
  expect(mapTemporalError(error, 'not_found')).toMatchObject({ code: 'temporarily_unavailable' });
});
