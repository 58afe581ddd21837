/**
 * `npm run keys -- list | rotate vault | rotate payload | reseal | drop <key id>`: the keys of vault and payloads. Safe while
 * everything runs. No key is ever printed, only its id.
 */
import { runCommand } from '#telemetry/run-command.js';
import { readWorkerConfig, type WorkerConfig } from './config/worker-config.js';
import { dropKey, listKeys, reseal, rotatePayload, rotateVault } from './keys/key-commands.js';

const USAGE = 'Usage: npm run keys -- list | rotate vault | rotate payload | reseal | drop <key id>';

async function run(config: WorkerConfig, [command, what]: string[]): Promise<string[]> {
  if (command === 'list') return listKeys(config);
  if (command === 'rotate' && what === 'vault') return rotateVault(config);
  if (command === 'rotate' && what === 'payload') return rotatePayload(config);
  if (command === 'reseal') return reseal(config, (line) => console.log(line));
  if (command === 'drop' && what) return dropKey(config, what);
  throw new Error(USAGE);
}

async function main(): Promise<void> {
  for (const line of await run(readWorkerConfig(process.env), process.argv.slice(2))) console.log(line);
}

runCommand(main);
