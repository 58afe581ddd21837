import { ERROR_CODES, HawserError, type ErrorCode } from '#domain/errors.js';
import { ProblemSchema } from '#contract/problem.js';
import { ProblemError } from './problem-error.js';
import { HTTP_STATUS } from './status-table.js';
import { toProblem } from './to-problem.js';

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

test('every code has a status, and none is a redirect or a success', () => {
  expect(Object.keys(HTTP_STATUS).sort()).toEqual([...CODES].sort());
  for (const status of Object.values(HTTP_STATUS)) expect(status).toBeGreaterThanOrEqual(400);
});

test.each(CODES)('%s makes a sound problem document', (code) => {
  const { problem } = toProblem(new HawserError(code), 'r1');
  expect(ProblemSchema.parse(problem)).toEqual(problem);
  expect(problem).toMatchObject({ code, status: HTTP_STATUS[code], instance: 'urn:hawser:request:r1' });
  expect(problem.title).not.toMatch(/\.$/);
});

test('a foreign failure becomes `internal` and its text stays here', () => {
  const { problem } = toProblem(new Error('password=hunter2'), 'r1');
  expect(problem).toMatchObject({ code: 'internal', status: 500 });
  expect(JSON.stringify(problem)).not.toContain('hunter2');
});

test('Retry-After is in whole seconds, rounded up', () => {
  expect(toProblem(new HawserError('rate_limited', 'x', { retryAfterMs: 1200 }), 'r').headers).toEqual({
    'retry-after': '2',
  });
  expect(toProblem(new HawserError('temporarily_unavailable'), 'r').headers['retry-after']).toBe('2');
  expect(toProblem(new HawserError('conflict'), 'r').headers).toEqual({});
});

test('the cure of the place wins over the general one', () => {
  expect(toProblem(new ProblemError('conflict', 'why', { cure: 'how' }), 'r').problem).toMatchObject({
    detail: 'why',
    cure: 'how',
  });
  expect(toProblem(new HawserError('grant_revoked', 'why'), 'r').problem).toMatchObject({
    detail: 'why',
    cure: ERROR_CODES.grant_revoked.text,
  });
});
