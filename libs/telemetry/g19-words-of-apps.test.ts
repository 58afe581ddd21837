import { ApplicationFailure } from '@temporalio/common';
import { HawserError } from '#domain/errors.js';
import { createEvents } from './events.js';
import { createLogger } from './logger.js';
import { createMetrics } from './metrics.js';

const PERSON = 'Ada Lovelace';
const MAIL = 'ada@lovelace.example';
const evidence = { at: 1, status: 400, appCode: 'DUPLICATE_VALUE', appMessage: `${PERSON} <${MAIL}> exists already` };

function capture() {
  const lines: string[] = [];
  return { lines, logger: createLogger({ service: 'test', level: 'trace', write: (line) => lines.push(line) }) };
}

test('g19: no event carries the words of an app, each keeps its code', () => {
  const { lines, logger } = capture();
  const events = createEvents(logger, createMetrics({ service: 'test', processMetrics: false }));
  for (const tell of Object.values(events) as ((facts: object) => void)[])
    tell({ code: 'app_rejected_request', evidence });
  expect(lines).toHaveLength(Object.keys(events).length);
  for (const line of lines) {
    expect(line).not.toContain('Ada');
    expect(line).not.toContain('lovelace');
    expect(JSON.parse(line)).toMatchObject({ evidence: { at: 1, status: 400, appCode: 'DUPLICATE_VALUE' } });
  }
});

test.each([PERSON, MAIL, `Duplicate: ${PERSON}`, 'x'.repeat(65)])('g19: "%s" is no code of an app', (appCode) => {
  const { lines, logger } = capture();
  createEvents(logger, createMetrics({ service: 'test', processMetrics: false })).jobEnded({
    workspaceId: 'ws_a',
    recipeId: 'rec_a',
    jobId: 'job_a',
    outcome: 'failed',
    evidence: { ...evidence, appCode },
  });
  expect(lines.join('')).not.toContain(appCode);
});

const said = new HawserError('app_rejected_request', `The app said: ${evidence.appMessage}`, { evidence });
test.each<[string, unknown]>([
  ['our own error', said],
  ['a mapping that names a value', new HawserError('mapping_failed', `"${PERSON}" is no number`)],
  ['a repeatable one with words', new HawserError('app_unavailable', `Busy with ${PERSON}`, { evidence })],
  ['a failure that came through Temporal', ApplicationFailure.nonRetryable(said.message, said.code, { evidence })],
  ['a failure of a parser', parserFailure()],
  ['what a library hangs on its error', Object.assign(new Error('500'), { response: { body: PERSON } })],
  ['a cause of a cause', new Error('outer', { cause: new Error('inner', { cause: said }) })],
])('g19: %s is logged by code', (_name, error) => {
  for (const member of ['err', 'error']) {
    const { lines, logger } = capture();
    logger.error({ [member]: error }, 'failed');
    expect(lines.join('')).not.toMatch(/Ada L|lovelace/);
    expect(lines.join('')).toMatch(/at .*\.ts/);
  }
});

test('g19: an operator still reads what is ours', () => {
  const { lines, logger } = capture();
  logger.error({ err: new HawserError('key_missing', 'The key "vault-1" is not in the keyring.') }, 'failed');
  logger.error(
    { err: Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }) },
    'failed',
  );
  expect(lines[0]).toContain('vault-1');
  expect(lines[1]).toContain('ECONNREFUSED 127.0.0.1:1');
});

function parserFailure(): unknown {
  try {
    return JSON.parse(`{"name": ${PERSON}}`);
  } catch (error) {
    return error;
  }
}
