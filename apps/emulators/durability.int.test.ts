import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { transformFileSync } from '@swc/core';
import type { Addresses } from './core/hosts.js';
import { control, refreshSalesforce, salesforceTokens, send, type Running } from './testing/running.js';

/** The emulators as JavaScript in a folder of their own, so that a real process can be killed. */
function compileTo(folder: string): string {
  const root = __dirname;
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const { code } = transformFileSync(join(root, name), {
      swcrc: false,
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    const target = join(folder, 'dist', name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  return join(folder, 'dist', 'main.js');
}

interface Child {
  process: ChildProcess;
  running: Running;
}

async function startChild(main: string, dataDir: string): Promise<Child> {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, NODE_PATH: join(__dirname, '..', '..', 'node_modules'), EMULATORS_DATA: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const addresses = await new Promise<Addresses>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the emulators ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^EMULATORS_READY (.+)$/.exec(line)?.[1];
      if (found !== undefined) resolve(JSON.parse(found) as Addresses);
    });
  });
  return {
    process: child,
    running: {
      addresses,
      control: (method, path, body) => control(addresses, method, path, body),
      stop: async () => end(child, 'SIGTERM'),
    },
  };
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

let folder: string;
let main: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'emulators-'));
  main = compileTo(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('kill -9 right after an answer loses nothing that the answer promised', async () => {
  const dataDir = join(folder, 'data');
  let child = await startChild(main, dataDir);
  await child.running.control('PATCH', '/salesforce/production/policy', { rotation: true });
  const first = await salesforceTokens(child.running);
  const second = await refreshSalesforce(child.running, first.refresh_token);
  const path = '/services/data/v60.0/sobjects/Account';
  const made = await send(`${child.running.addresses.salesforceInstance}${path}`, {
    token: String(second.body.access_token),
    json: { Name: 'Kept' },
  });
  await end(child.process, 'SIGKILL');

  child = await startChild(main, dataDir);
  const shown = await send(`${child.running.addresses.salesforceInstance}${path}/${made.body.id}`, {
    token: String(second.body.access_token),
  });
  expect(shown.body).toMatchObject({ Name: 'Kept' });
  expect((await child.running.control('GET', '/counts'))['salesforce/production']).toMatchObject({
    refreshesSucceeded: 1,
    accepted: { 'Account.create': 1 },
  });
  const third = await refreshSalesforce(child.running, second.body.refresh_token);
  expect(third.status).toBe(200);
  expect((await refreshSalesforce(child.running, first.refresh_token)).status).toBe(400);
  await end(child.process, 'SIGKILL');

  child = await startChild(main, dataDir);
  expect((await refreshSalesforce(child.running, third.body.refresh_token)).body.error).toBe('invalid_grant');
  const { secrets } = (await child.running.control('GET', '/secrets')) as { secrets: string[] };
  expect(secrets).toEqual(
    expect.arrayContaining([
      first.access_token,
      first.refresh_token,
      second.body.refresh_token,
      third.body.access_token,
    ]),
  );
  await child.running.stop();
  const names = readdirSync(dataDir);
  expect(names).toContain('salesforce-production.json');
  // An orderly end leaves snapshots only.
  expect(names.filter((name) => name.includes('journal'))).toEqual([]);

  cpSync(dataDir, join(folder, 'copy'), { recursive: true });
  child = await startChild(main, join(folder, 'copy'));
  expect((await child.running.control('GET', '/salesforce/production/records/Account')).records).toHaveLength(13);
  await child.running.stop();
}, 60_000);
