/** `node dist/bin/worker/setup.js`: makes the key files that are absent (HAWSER_DATA), and says so. Existing ones are never touched. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readSettings } from '#settings/read-settings.js';
import { SHARED_SETTINGS } from '#settings/shared-settings.js';
import { runCommand } from '#telemetry/run-command.js';
import { ensurePayloadKeyring, payloadKeyringPath } from '#temporal/payload-keyring.js';
import { ensureVaultKeyring, privateKeyringPath } from '#vault/keyring-files.js';
import { publicKeyringPath } from '#vault/public-keyring.js';

async function main(): Promise<void> {
  const { HAWSER_DATA } = SHARED_SETTINGS;
  const dataDir = resolve(readSettings({ HAWSER_DATA }, process.env).HAWSER_DATA);
  const files = [privateKeyringPath(dataDir), publicKeyringPath(dataDir), payloadKeyringPath(dataDir)];
  const before = new Set(files.filter((path) => existsSync(path)));
  await ensureVaultKeyring({ dataDir });
  ensurePayloadKeyring({ dataDir });
  for (const path of files) console.log(`${path}: ${whatBecameOf(path, before)}`);
}

function whatBecameOf(path: string, before: Set<string>): string {
  if (before.has(path)) return 'was there, left as it is';
  return existsSync(path) ? 'made' : 'not made: the environment gives this key (HAWSER_KEYRING_…)';
}

runCommand(main);
