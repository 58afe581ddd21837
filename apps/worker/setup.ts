/** `node dist/bin/worker/setup.js`: makes the key files that are absent (HAWSER_DATA). Existing ones are never touched. */
import { resolve } from 'node:path';
import { runCommand } from '#telemetry/run-command.js';
import { ensurePayloadKeyring } from '#temporal/payload-keyring.js';
import { ensureVaultKeyring } from '#vault/keyring-files.js';

async function main(): Promise<void> {
  const dataDir = resolve(process.env['HAWSER_DATA'] ?? '.data');
  await ensureVaultKeyring({ dataDir });
  ensurePayloadKeyring({ dataDir });
}

runCommand(main);
