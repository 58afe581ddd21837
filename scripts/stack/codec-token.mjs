import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/**
 * The random part of the codec endpoint's path. It is made once and kept: the Temporal Web UI is told the address at
 * its start, and a page that stays open over a restart must go on working.
 */
export function codecToken(dataDir) {
  const file = path.join(dataDir, 'codec-token');
  if (!fs.existsSync(file)) fs.writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return fs.readFileSync(file, 'utf8').trim();
}

export const codecEndpoint = (port, token) => `http://127.0.0.1:${port}/${token}`;
