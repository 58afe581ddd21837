/** What another local user of the machine could read or reach: folders, files, argument lists, addresses, the Web UI's door. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startCodecServer } from '#temporal/codec-server.js';

const stack = (file: string): string =>
  JSON.stringify(pathToFileURL(join(__dirname, '../../scripts/stack', file)).href);
const folder = mkdtempSync(join(tmpdir(), 'hawser-g18-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Jest cannot import the scripts without a transform. The loosest umask that there is. */
const program = (source: string): string[] => [
  '-c',
  'umask 000; exec "$0" "$@"',
  process.execPath,
  '--input-type=module',
  '--eval',
  source,
];
const run = (source: string): string => execFileSync('/bin/sh', program(source), { encoding: 'utf8' }).trim();
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test('g18: folders are 0700 and files 0600, whatever the umask and whatever an earlier build left', () => {
  const [runFolder, logs] = [join(folder, 'run'), join(folder, 'logs')];
  mkdirSync(logs);
  chmodSync(logs, 0o755);
  run(`import { spawnOwned } from ${stack('owned-process.mjs')}; import { openOutputLog } from ${stack('output-log.mjs')};
    import { createUiSession } from ${stack('ui-session.mjs')};
    import fs from 'node:fs';
    const child = spawnOwned({ name: 'a', command: '/bin/sh', args: ['-c', 'echo > ${join(folder, 'written')}; sleep 5'], runFolder: ${JSON.stringify(runFolder)} });
    openOutputLog(${JSON.stringify(join(logs, 'a.log'))}).note('x');
    createUiSession(${JSON.stringify(folder)});
    while (!fs.existsSync(${JSON.stringify(join(folder, 'written'))})) await new Promise((next) => setTimeout(next, 10));
    const [record] = fs.readdirSync(${JSON.stringify(runFolder)});
    fs.copyFileSync(${JSON.stringify(runFolder)} + '/' + record, ${JSON.stringify(join(folder, 'copy'))});
    fs.writeFileSync(${JSON.stringify(join(folder, 'mode'))}, String(fs.statSync(${JSON.stringify(runFolder)} + '/' + record).mode & 0o777));
    child.kill('SIGKILL'); process.kill(-child.pid, 'SIGKILL');`);
  expect([runFolder, logs].map(modeOf)).toEqual(['700', '700']);
  expect(['written', 'web-ui-code', 'web-ui-session', 'logs/a.log'].map((file) => modeOf(join(folder, file)))).toEqual(
    Array(4).fill('600'),
  );
  expect(Number(readFileSync(join(folder, 'mode'), 'utf8')).toString(8)).toBe('600');
});

test('g18: a socket lies in a private folder, and its path fits', () => {
  const at = (dataDir: string): string =>
    run(
      `import { socketPath } from ${stack('socket-path.mjs')}; console.log(socketPath(${JSON.stringify(dataDir)}, 'mongo'));`,
    );
  expect(at(folder)).toBe(join(folder, 'run', 'mongo.sock'));
  const deep = join(folder, 'a-folder-with-a-long-name'.repeat(6));
  const short = at(deep);
  expect(Buffer.byteLength(short)).toBeLessThanOrEqual(100);
  expect(at(deep)).toBe(short);
  expect(modeOf(join(short, '..'))).toBe('700');
  rmSync(join(short, '..'), { recursive: true });
  symlinkSync(folder, join(short, '..'));
  expect(() => at(deep)).toThrow(/is a link that somebody has put there/);
  rmSync(join(short, '..'));
});

test('g18: neither argument list nor address of the started servers holds a secret', () => {
  const source = readFileSync(join(__dirname, '../../scripts/start.mjs'), 'utf8');
  expect(source).not.toMatch(/token/i);
  expect(source).toContain('codecEndpoint: `http://127.0.0.1:${ports.temporalUi}${CODEC_PATH}`');
});

interface Answer {
  status: number;
  text: string;
  headers: Record<string, string | string[] | undefined>;
}

function ask(port: number, path: string, method = 'GET', headers: object = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers: headers as never }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

describe('g18: the door to the Web UI and its codec', () => {
  let child: ChildProcess;
  let port: number;
  const codecSocket = join(folder, 'codec.sock');
  let codec: { close(): Promise<void> };
  beforeAll(async () => {
    child = spawn(
      '/bin/sh',
      program(`import http from 'node:http'; import { startUiProxy } from ${stack('ui-proxy.mjs')};
        const ui = http.createServer((request, response) => response.end('UI ' + request.url + ' ' + (request.headers.cookie ?? '-')));
        await new Promise((ready) => ui.listen(0, '127.0.0.1', ready));
        const proxy = await startUiProxy({ dataDir: ${JSON.stringify(folder)}, port: 0, uiPort: ui.address().port, codecSocket: ${JSON.stringify(codecSocket)} });
        console.log(proxy.url);`),
    );
    const url = await new Promise<string>((resolve) =>
      child.stdout!.once('data', (line: Buffer) => resolve(String(line).trim())),
    );
    port = Number(new URL(url).port);
    const plain = { encode: async (all: never[]) => all, decode: async (all: never[]) => all };
    codec = await startCodecServer({ codec: plain, socket: codecSocket, uiOrigin: url });
  });
  afterAll(async () => {
    child.kill();
    await codec.close();
  });

  const code = (): string => readFileSync(join(folder, 'web-ui-code'), 'utf8');
  const enter = (given: string) =>
    ask(port, '/_hawser/enter', 'POST', { 'content-type': 'application/x-www-form-urlencoded' }, `code=${given}`);

  test('is shut without the cookie, and for foreign names and origins', async () => {
    expect((await ask(port, '/api/v1/namespaces')).status).toBe(401);
    expect((await ask(port, '/_hawser/codec/decode', 'POST')).status).toBe(401);
    expect(await ask(port, '/', 'GET', { accept: 'text/html' })).toMatchObject({
      status: 303,
      headers: { location: '/_hawser/enter' },
    });
    expect((await ask(port, '/', 'GET', { host: 'rebound.example' })).status).toBe(421);
    expect((await ask(port, '/', 'GET', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask(port, '/x', 'GET', { host: `localhost:${port}` })).headers['location']).toBe(
      `http://127.0.0.1:${port}/x`,
    );
  });

  test('opens once for the code of the file, by an HttpOnly cookie that goes no further', async () => {
    expect((await enter('guess')).status).toBe(403);
    const used = code();
    const { status, headers } = await enter(used);
    expect(status).toBe(303);
    expect((await enter(used)).status).toBe(403);
    const [cookie = ''] = (headers['set-cookie'] as string[])[0]!.split(';');
    expect(headers['set-cookie']![0]).toMatch(/; HttpOnly; SameSite=Strict/);
    expect((await ask(port, '/workflows?a=b', 'GET', { cookie: `${cookie}; _csrf=x` })).text).toBe(
      'UI /workflows?a=b _csrf=x',
    );
    const decoded = await ask(
      port,
      '/_hawser/codec/decode',
      'POST',
      { cookie, origin: `http://127.0.0.1:${port}`, 'content-type': 'application/json' },
      '{"payloads":[{"metadata":{},"data":"eA=="}]}',
    );
    expect(decoded).toMatchObject({ status: 200, text: '{"payloads":[{"metadata":{},"data":"eA=="}]}' });
  });
});
