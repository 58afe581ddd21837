/**
 * `npm run workspace -- create --name X`: another workspace with its API key, shown once.
 * `… first [--name X]`: what the first start does; finds the workspace again on every later one.
 * The last line is for programs: `WORKSPACE {"workspaceId": …, "keyFile": …}` (never the key).
 */
import { parseArgs } from 'node:util';
import { connectStore } from '#store/connect-store.js';
import { ensureIndexes } from '#store/ensure-indexes.js';
import { runCommand } from '#telemetry/run-command.js';
import { readGatewayConfig } from './config/gateway-config.js';
import { createWorkspace } from './workspaces/create-workspace.js';
import { ensureFirstWorkspace } from './workspaces/first-workspace.js';

const USAGE = 'Usage: npm run workspace -- create --name "My team"';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { name: { type: 'string' } } });
  const [command] = positionals;
  const name = values.name?.trim();
  if ((command !== 'create' && command !== 'first') || (command === 'create' && !name)) throw new Error(USAGE);
  const config = readGatewayConfig(process.env);
  const store = await connectStore({ uri: config.mongodbUri });
  try {
    await store.format.claim();
    await ensureIndexes(store.db);
    if (command === 'create') {
      const made = await createWorkspace(store, name ?? '');
      tell([
        `Workspace "${made.name}" (${made.workspaceId}) is made.`,
        `API key (shown once): ${made.apiKey}`,
        `WORKSPACE ${JSON.stringify({ workspaceId: made.workspaceId })}`,
      ]);
    } else {
      const { workspaceId, apiKey, keyFile } = await ensureFirstWorkspace(store, config.dataDir, name || 'Demo');
      tell([
        ...(apiKey === null ? [] : [`API key (also in ${keyFile}): ${apiKey}`]),
        `WORKSPACE ${JSON.stringify({ workspaceId, keyFile })}`,
      ]);
    }
  } finally {
    await store.close();
  }
}

function tell(lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

runCommand(main);
