/**
 * `node dist/bin/worker/rebuild-actors.js [--only-missing]`: starts every connection actor and recipe again that is lost, or
 * (without `--only-missing`) older than its projection. Prints a line for each that it rebuilt or could not judge, and at the end, for
 * programs, `REBUILT {"rebuilt": …, "running": …, "deleted": …, "unknown": …, "recipes": {…}, "lostJobs": …}`, whose first four count
 * connections. Running it again is harmless.
 */
import { parseArgs } from 'node:util';
import { connectStore } from '#store/connect-store.js';
import { runCommand } from '#telemetry/run-command.js';
import { connectClient } from '#temporal/connect-client.js';
import { localPayloadCodec } from '#temporal/data-converter.js';
import { requireTemporal } from '#temporal/require-temporal.js';
import { readWorkerConfig } from './config/worker-config.js';
import { rebuildAll } from './rebuild/rebuild-all.js';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'only-missing': { type: 'boolean', default: false } } });
  const config = readWorkerConfig(process.env);
  const store = await connectStore({ uri: config.mongoUri });
  const { client, close } = connectClient(config.temporal, localPayloadCodec({ dataDir: config.dataDir }));
  try {
    await requireTemporal(client, config.temporal);
    const { connections, recipes, lostJobs } = await rebuildAll({
      client,
      store,
      onlyMissing: values['only-missing'],
      tell: console.log,
    });
    console.log(`REBUILT ${JSON.stringify({ ...connections, recipes, lostJobs })}`);
  } finally {
    await close();
    await store.close();
  }
}

runCommand(main);
