// `npm run workspace | doctor | roll | keys -- …`: an operator's command with the environment of `npm start`, which may be running.
// What is set already (TEMPORAL_ADDRESS, MONGODB_URI, HAWSER_DATA …) wins.
import './stack/forget-blank-settings.mjs';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPorts } from './stack/settings.mjs';
import { mongoUriOf, socketPath } from './stack/socket-path.mjs';
import { withoutTemporalAccess } from './stack/temporal-access.mjs';

const ENTRIES = {
  workspace: 'gateway/make-workspace.js',
  doctor: 'worker/doctor.js',
  roll: 'worker/roll.js',
  keys: 'worker/manage-keys.js',
};

const root = fileURLToPath(new URL('..', import.meta.url));
const [command, ...args] = process.argv.slice(2);
const entry = path.join(root, 'dist', 'bin', ENTRIES[command] ?? '');

if (!ENTRIES[command] || !fs.existsSync(entry)) {
  console.error(
    ENTRIES[command]
      ? 'Hawser is not built yet. Run `npm run build` (or `npm start`) first.'
      : `Commands: ${Object.keys(ENTRIES).join(', ')}.`,
  );
  process.exit(1);
}

const ports = readPorts();
const dataDir = path.resolve(root, process.env.HAWSER_DATA ?? '.data');
// Another cluster is named by its address, or by a profile of Temporal's own configuration file.
const elsewhere = process.env.TEMPORAL_ADDRESS ?? process.env.TEMPORAL_CONFIG_FILE ?? process.env.TEMPORAL_PROFILE;
const env = {
  HAWSER_PUBLIC_URL: `http://127.0.0.1:${ports.gateway}`,
  ...(elsewhere ? {} : { TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}` }),
  MONGODB_URI:
    process.platform === 'win32'
      ? `mongodb://127.0.0.1:${ports.mongo}/hawser?directConnection=true`
      : mongoUriOf(socketPath(dataDir, 'mongo'), 'hawser'),
  ...(elsewhere ? process.env : withoutTemporalAccess(process.env)),
  HAWSER_DATA: dataDir,
};
const child = spawn(process.execPath, ['--enable-source-maps', entry, ...args], { env, stdio: 'inherit' });
child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
