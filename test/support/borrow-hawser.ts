/** The running Hawser that test files take turns with, in a workspace of the file's own. Whoever kills or configures processes starts his own. */
import { appendFileSync, closeSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import type { Loan } from '../stacks/loan.js';
import { Api } from './api.js';
import { watchNamespace } from './watched-namespaces.js';
import { EmulatorControl } from './emulator-control.js';
import type { BorrowedHawser } from './start-hawser.js';

/**
 * Waits until one is free. `brief`: leases are believed for half a second only, and requests to an app end after three.
 * The emulated apps stand as at their seed; runs, faults and records of the file before are gone.
 */
export async function borrowHawser(kind: 'plain' | 'brief' = 'plain'): Promise<BorrowedHawser> {
  const loan = await ask<Loan>('/borrow', { kind });
  noteLoan(loan.dataDir);
  watchNamespace(loan.temporalAddress, loan.namespace, loan.since);
  const { lane, url, key, addresses, dataDir, temporalAddress, namespace, mongoUri, env } = loan;
  return {
    api: new Api(url, key),
    emulators: new EmulatorControl(addresses['control'] ?? ''),
    addresses,
    dataDir,
    temporalAddress,
    namespace,
    mongoUri,
    env,
    workspace: async (name) => new Api(url, (await ask<{ key: string }>('/workspace', { lane, name })).key),
    logs: () =>
      readdirSync(join(dataDir, 'logs'))
        .map((file) => textFrom(join(dataDir, 'logs', file), loan.logsFrom[file] ?? 0))
        .join('\n'),
    stop: () => ask('/return', { lane }),
  };
}

/** For whoever looks for the logs of a file that failed. */
function noteLoan(dataDir: string): void {
  const folder = process.env['HAWSER_TEST_FOLDER'];
  if (folder) appendFileSync(join(folder, 'loans.log'), `${expect.getState().testPath} ${dataDir}\n`);
}

async function ask<T>(path: string, body: object): Promise<T> {
  const server = process.env['HAWSER_TEST_STACKS'];
  if (!server)
    throw new Error('HAWSER_TEST_STACKS is not set. Run the tests by `npm test` (or `npm test -- <pattern>`).');
  const response = await request(`${server}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headersTimeout: 110_000,
  });
  const text = await response.body.text();
  if (response.statusCode !== 200) throw new Error(`${path} of the tests' stacks: ${text}`);
  return JSON.parse(text) as T;
}

function textFrom(file: string, from: number): string {
  const buffer = Buffer.alloc(Math.max(0, statSync(file).size - from));
  const handle = openSync(file, 'r');
  try {
    readSync(handle, buffer, 0, buffer.length, from);
  } finally {
    closeSync(handle);
  }
  return buffer.toString('utf8');
}
