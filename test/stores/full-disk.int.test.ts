/**
 * MongoDB's disk is full (a small file system in memory where we may make one): reads go on, no token is spent, the doctor says so, and
 * when there is room again everything goes on without a restart. Where no file system can be made (not root, not Linux) it is
 * skipped.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connected, ZENDESK_ADMIN } from '../support/connect.js';
import { examine, foundIn } from '../support/doctor.js';
import { eventually } from '../support/eventually.js';
import { recordOutcome } from '../support/record-outcome.js';
import { startHawser, type Hawser } from '../support/start-hawser.js';
import { requiredEnv } from '../support/test-namespace.js';
import { withTool } from '../support/with-tool.js';
import { OwnStore } from './own-stores.js';

const folder = mkdtempSync(join(tmpdir(), 'hawser-small-disk-'));
const ballast = join(folder, 'ballast');

const mounted = mount();
let mongo: OwnStore;
let hawser: Hawser;
beforeAll(async () => {
  mongo = await OwnStore.start('mongo', join(folder, 'mongo'));
  hawser = await startHawser('its MongoDB runs out of disk', {
    servers: { temporal: requiredEnv('HAWSER_TEST_TEMPORAL'), mongo: mongo.address },
  });
}, 300_000);
afterAll(async () => {
  await hawser?.stop();
  await mongo?.stop();
  if (mounted) execFileSync('umount', ['-l', folder]);
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const tokenCalls = async (): Promise<number> => (await hawser.emulators.counts('zendesk/acme')).tokenCalls;

/** Fills what is left, to the last byte. */
function fill(): void {
  for (const size of [1 << 20, 1 << 16, 1 << 12, 1]) {
    try {
      for (let part = 0; ; part += 1) writeFileSync(`${ballast}-${size}-${part}`, Buffer.alloc(size));
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
    }
  }
}

const testOnSmallDisk = withTool({ name: 'a file system in memory', packages: [], isThere: () => mounted });

testOnSmallDisk(
  'the disk of MongoDB is full',
  async () => {
    const { api } = hawser;
    const id = await connected(api, 'zendesk', ZENDESK_ADMIN);
    const calls = await tokenCalls();
    fill();
    await eventually(
      'the doctor to see it',
      async () => foundIn(await examine(hawser.env)).includes('store_not_writable -'),
      120_000,
      500,
    );
    // A token is spent only when its intent could be written: none is.
    const refused = await api.send('POST', `/v1/connections/${id}/refresh`, {});
    expect(await tokenCalls()).toBe(calls);
    expect((await api.ok('GET', `/v1/connections/${id}`)).version).toBe(1);
    execFileSync('sh', ['-c', 'rm -f "$1"-*', 'sh', ballast]);
    await eventually(
      'a renewal when there is room',
      async () => {
        await api.send('POST', `/v1/connections/${id}/refresh`, {});
        return (await api.ok('GET', `/v1/connections/${id}`)).version > 1;
      },
      120_000,
      1_000,
    );
    expect(await tokenCalls()).toBe(calls + 1);
    await eventually(
      'the doctor to find nothing',
      async () => foundIn(await examine(hawser.env)).length === 0,
      120_000,
      500,
    );
    recordOutcome('stores', "MongoDB's disk full", { refreshAnswered: refused.status, tokenCallsMeanwhile: 0 });
  },
  400_000,
);
