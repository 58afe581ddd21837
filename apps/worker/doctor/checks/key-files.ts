import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assertKeyringsMatch, readPrivateKeyring } from '#vault/keyring-files.js';
import { readPublicKeyring } from '#vault/public-keyring.js';
import type { WorkerConfig } from '../../config/worker-config.js';
import type { Check } from '../check.js';
import { problem, type Finding } from '../finding.js';

/** Files of keys can be read by their owner alone, and public and private vault keys belong together. */
export const keyFiles: Check = {
  name: 'key files',
  needs: [],
  run: async ({ config }) => [...modes(config), ...matching(config)],
};

function modes({ dataDir }: WorkerConfig): Finding[] {
  if (process.platform === 'win32') return [];
  // A keyring that others can read is refused by whoever reads it, the doctor too: that is told already.
  const secret = [join(dataDir, 'api-key.txt'), join(dataDir, 'web-ui-code'), join(dataDir, 'web-ui-session')];
  return secret
    .filter((path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0)
    .map((path) =>
      problem('key_file_mode', path, {
        what: `${path} can be read by other users of this machine.`,
        why: 'Whoever reads it can open what it protects.',
        next: `Run: chmod 600 ${path}. If others have read it, make another one.`,
      }),
    );
}

function matching(config: WorkerConfig): Finding[] {
  const lost = privateLost(config);
  if (lost === null) return [];
  return [
    problem('keyrings_apart', null, {
      what: lost,
      why: 'Gateways and workers seal with the newest public key: what nobody can open is lost.',
      next: 'Put the private keyring back from a backup, or take the public one that belongs to it.',
    }),
  ];
}

/** An unreadable keyring is told by the parts themselves. */
function privateLost(config: WorkerConfig): string | null {
  let privateKeyring;
  try {
    privateKeyring = readPrivateKeyring(config);
  } catch {
    return null;
  }
  try {
    assertKeyringsMatch(readPublicKeyring(config), privateKeyring);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
