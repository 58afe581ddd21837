/** `docker/temporal/namespace.sh`, as the compose file runs it: what it makes, what it leaves, and what it says when Temporal is away. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import { requiredEnv } from '../support/test-namespace.js';

const SCRIPT = join(__dirname, '..', '..', 'docker', 'temporal', 'namespace.sh');
const DAYS_30 = 30 * 86_400;
const namespace = `docker-${randomBytes(5).toString('hex')}`;
const folder = mkdtempSync(join(tmpdir(), 'hawser-cli-'));
let connection: Connection;

beforeAll(async () => {
  // The command is called `temporal` in Temporal's image; ours is named by version. Without it (another server): that of PATH.
  const program = process.env['HAWSER_TEST_TEMPORAL_PROGRAM'];
  if (program) symlinkSync(program, join(folder, 'temporal'));
  connection = await Connection.connect({ address: requiredEnv('HAWSER_TEST_TEMPORAL') });
});

afterAll(async () => {
  await connection.close();
  rmSync(folder, { recursive: true });
});

function run(env: Record<string, string>): Promise<{ failed: boolean; said: string }> {
  const PATH = `${folder}${delimiter}${process.env['PATH']}`;
  return new Promise((resolve) => {
    execFile(
      'sh',
      [SCRIPT],
      { env: { ...process.env, PATH, TEMPORAL_NAMESPACE: namespace, ...env } },
      (error, out, err) => resolve({ failed: error !== null, said: out + err }),
    );
  });
}

async function retention(): Promise<number> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return Number(config?.workflowExecutionRetentionTtl?.seconds);
}

const retain = (seconds: number) =>
  connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: { seconds: seconds as never } },
  });

test('it makes namespace and search attributes, waits until a query takes them, raises a retention and never lowers one', async () => {
  const reached = { TEMPORAL_ADDRESS: requiredEnv('HAWSER_TEST_TEMPORAL') };
  const made = await run(reached);
  expect(made.said).toMatch(/is made, with 720 hours[^]*a query takes all search attributes/);
  expect(await retention()).toBe(DAYS_30);
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining(Object.values(SEARCH_ATTRIBUTE)));

  await retain(86_400);
  expect((await run(reached)).said).toContain('retention raised from 24 to 720 hours');
  expect(await retention()).toBe(DAYS_30);

  await retain(3 * DAYS_30);
  expect((await run(reached)).said).toContain('is there, with 2160 hours of retention');
  expect(await retention()).toBe(3 * DAYS_30);
}, 120_000);

test('a Temporal that cannot be reached is named with the variable that is wrong', async () => {
  const { failed, said } = await run({ TEMPORAL_ADDRESS: '127.0.0.1:1', REACH_WITHIN: '1' });
  expect(failed).toBe(true);
  expect(said).toMatch(/Temporal cannot be reached at TEMPORAL_ADDRESS=127\.0\.0\.1:1: .*refused/);
});
