/**
 * A machine without Go and without a cache fetches its servers, here from a stand-in of the vendors' hosts. Only an archive of the
 * expected sha256 is unpacked; whatever else comes is named, leaves nothing behind, and the next way begins at once.
 */
import { execFile, execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withTool } from '../support/with-tool.js';

const folder = mkdtempSync(join(tmpdir(), 'hawser-downloads-'));
const ROOT = join(__dirname, '..', '..');
/** Neither Go nor a server is there; `tar` is. */
const toolsOnly = join(folder, 'tools');
let host: Server;
let origin: string;
let calls: string[] = [];
let answer: (response: ServerResponse) => void;
let archive: Buffer;
let count = 0;
let mounted = false;

beforeAll(async () => {
  mkdirSync(toolsOnly);
  for (const tool of ['tar', 'gzip', 'sh', 'cat', 'ps'])
    execFileSync('ln', ['-s', whereIs(tool), join(toolsOnly, tool)]);
  const content = join(folder, 'content', 'release-1', 'bin');
  mkdirSync(content, { recursive: true });
  const says = 'temporal version 1.8.3 (Server 1.31.2, UI 2.50.1)\ndb version v8.0.32';
  for (const name of ['temporal', 'mongod'])
    writeFileSync(join(content, name), `#!/bin/sh\ncat <<E\n${says}\nE\n`, { mode: 0o755 });
  writeFileSync(join(content, 'ballast'), randomBytes(300_000));
  execFileSync('tar', ['-czf', join(folder, 'archive.tgz'), '-C', join(folder, 'content'), '.']);
  archive = readFileSync(join(folder, 'archive.tgz'));
  host = createServer((request, response) => {
    calls.push(request.url ?? '');
    answer(response);
  });
  await new Promise<void>((listening) => host.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
});

beforeEach(() => {
  calls = [];
  answer = (response) => response.writeHead(200, { 'content-length': archive.length }).end(archive);
});

afterAll(() => {
  host.closeAllConnections();
  host.close();
  if (mounted) execFileSync('umount', ['-l', small]);
  rmSync(folder, { recursive: true, force: true });
});

interface Obtained {
  way?: string;
  file?: string;
  engine?: string;
  message?: string;
  notes: string[];
  cache: string;
}

interface Wish {
  cache?: string;
  sha256?: string;
  env?: Record<string, string>;
  release?: boolean;
  /** Patience by default: a machine that runs many tests is slow. */
  limits?: { answerMs?: number; stallMs?: number };
}

/** What scripts/stack/obtain-….mjs comes to on such a machine. */
async function obtain(
  what: 'Temporal' | 'Mongo',
  { cache, sha256, env = {}, release = true, limits = {} }: Wish = {},
): Promise<Obtained> {
  const place = cache ?? join(folder, `cache-${++count}`);
  const own = {
    url: `https://vendor.example/files/${what}.tgz`,
    sha256: sha256 ?? createHash('sha256').update(archive).digest('hex'),
    program: what === 'Temporal' ? 'temporal' : 'mongod',
  };
  const script = `import { obtain${what} } from './scripts/stack/obtain-${what.toLowerCase()}.mjs';
    const notes = [];
    const options = { note: (text) => notes.push(text), limits: ${JSON.stringify({ answerMs: 20_000, stallMs: 20_000, ...limits })}, ${release ? `release: ${JSON.stringify(own)}` : 'release: null'} };
    const end = (result) => console.log(JSON.stringify({ ...result, notes }));
    await obtain${what}(options).then(end, ({ message }) => end({ message }));`;
  const out = await new Promise<string>((done, failed) => {
    execFile(
      process.execPath,
      ['--input-type=module', '-e', script],
      { cwd: ROOT, env: { PATH: toolsOnly, HOME: folder, HAWSER_CACHE: place, HAWSER_DOWNLOAD: origin, ...env } },
      (error, stdout, stderr) => (error ? failed(new Error(stderr)) : done(stdout)),
    );
  });
  return { ...(JSON.parse(out) as Obtained), cache: place };
}

/** The refusal names this reason, Go as the next way, and leaves nothing in the cache. */
function expectRefused({ message, cache }: Obtained, reason: RegExp): void {
  expect(message).toMatch(reason);
  expect(message).toMatch(/built by Go: no `go` on PATH/);
  expect(readdirSync(cache)).toEqual([]);
}

test('without Go and without a cache both servers come from their vendors, and from the cache the next time', async () => {
  for (const what of ['Temporal', 'Mongo'] as const) {
    const first = await obtain(what);
    expect(first).toMatchObject({ way: 'downloaded' });
    expect(first.notes.join('\n')).toMatch(/downloading 100 %, 0.3 MB of 0.3 MB, \d\.\d s/);
    expect(readdirSync(first.cache)).toHaveLength(1);
    const { way } = await obtain(what, { cache: first.cache });
    expect(way).toBe('our cache');
  }
  expect(calls).toEqual(['/files/Temporal.tgz', '/files/Mongo.tgz']);
});

test('two starts at once download once', async () => {
  const cache = join(folder, 'shared');
  const both = await Promise.all([obtain('Temporal', { cache }), obtain('Temporal', { cache })]);
  expect(both.map(({ way }) => way)).toEqual(['downloaded', 'downloaded']);
  expect(calls).toHaveLength(1);
});

test('another checksum: both are named, and nothing of it is unpacked', async () => {
  expectRefused(
    await obtain('Temporal', { sha256: 'ab'.repeat(32) }),
    /has the sha256 [0-9a-f]{64}, not (ab){32}: it is not used/,
  );
});

test('404, cut off, standing still, silent, nobody there: each is named and the next way begins at once', async () => {
  answer = (response) => response.writeHead(404).end();
  expectRefused(await obtain('Temporal'), /Temporal.tgz answers 404/);

  answer = (response) => {
    response.writeHead(200, { 'content-length': archive.length }).write(archive.subarray(0, 100_000));
    setTimeout(() => response.destroy(), 50);
  };
  expectRefused(await obtain('Mongo'), /it was cut off after 0\.\d MB/);

  answer = (response) =>
    response.writeHead(200, { 'content-length': archive.length }).write(archive.subarray(0, 100_000));
  expectRefused(await obtain('Temporal', { limits: { stallMs: 500 } }), /it stood still for 0\.5 s after 0\.\d MB/);

  answer = () => undefined;
  expectRefused(await obtain('Mongo', { limits: { answerMs: 500 } }), /is not reachable \(no answer within 0\.5 s\)/);

  const nobody = await obtain('Temporal', { env: { HAWSER_DOWNLOAD: 'http://127.0.0.1:9' } });
  // Refused, not waited for.
  expectRefused(nobody, /127\.0\.0\.1:9 is not reachable \((?!no answer)/);
});

test('slow is not hanging: what keeps coming is taken', async () => {
  answer = (response) => {
    response.writeHead(200, { 'content-length': archive.length });
    let at = 0;
    const timer = setInterval(() => {
      response.write(archive.subarray(at, (at += 60_000)));
      if (at < archive.length) return;
      clearInterval(timer);
      response.end();
    }, 200);
  };
  expect(await obtain('Temporal')).toMatchObject({ way: 'downloaded' });
});

test('off, and a platform whose checksum we do not know, go on to Go; another word is refused', async () => {
  expectRefused(await obtain('Temporal', { env: { HAWSER_DOWNLOAD: 'off' } }), /downloaded: HAWSER_DOWNLOAD is off/);
  expectRefused(await obtain('Mongo', { release: false }), /no build whose checksum we know/);
  expectRefused(await obtain('Mongo', { env: { HAWSER_DOWNLOAD: 'never' } }), /HAWSER_DOWNLOAD is "never": allowed is/);
  expect(calls).toEqual([]);
});

const small = join(folder, 'small');
const smallDisk = withTool({ name: 'root on Linux', packages: [], isThere: mountSmall });

smallDisk('a full disk is said as that', async () => {
  expectRefused(await obtain('Temporal', { cache: small }), /the disk is full after 0\.\d MB/);
});

function mountSmall(): boolean {
  try {
    mkdirSync(small, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', small], { stdio: 'ignore' });
    mounted = true;
  } catch {
    mounted = false;
  }
  return mounted;
}

function whereIs(tool: string): string {
  return execFileSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim();
}
