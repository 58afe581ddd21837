/** `node dist/bin/worker/setup.js`: makes the key files that are absent (HAWSER_DATA). Existing ones are never touched. */
import { resolve } from 'node:path';
import { readSettings } from '#settings/read-settings.js';
import { SHARED_SETTINGS } from '#settings/shared-settings.js';
import { runCommand } from '#telemetry/run-command.js';
import { ensurePayloadKeyring } from '#temporal/payload-keyring.js';
import { ensureVaultKeyring } from '#vault/keyring-files.js';

async function main(): Promise<void> {
  const { HAWSER_DATA } = SHARED_SETTINGS;
  const dataDir = resolve(readSettings({ HAWSER_DATA }, process.env).HAWSER_DATA);
  await ensureVaultKeyring({ dataDir });
  ensurePayloadKeyring({ dataDir });
}

runCommand(main);
