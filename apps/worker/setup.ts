/** `node dist/apps/worker/setup.js`: makes the key files that are absent (HAWSER_DATA). Existing ones are never touched. */
import { resolve } from 'node:path';
import { hideSecretSettings } from '#telemetry/hide-environment.js';
import { ensurePayloadKeyring } from '#temporal/payload-keyring.js';
import { ensureVaultKeyring } from '#vault/keyring-files.js';

async function main(): Promise<void> {
  hideSecretSettings();
  const dataDir = resolve(process.env['HAWSER_DATA'] ?? '.data');
  await ensureVaultKeyring({ dataDir });
  ensurePayloadKeyring({ dataDir });
}

void main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
