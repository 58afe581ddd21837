/**
 * `npm run keys -- list | add … | use <key id> | rotate … | reseal | drop <key id>`: the keys of vault and payloads. Safe while
 * everything runs: a phase that some living process is not ready for is refused. No key is ever printed, only its id.
 */
import { runCommand } from '#telemetry/run-command.js';
import { readWorkerConfig, type WorkerConfig } from './config/worker-config.js';
import { addKey, dropKey, listKeys, reseal, rotateKey, useKey } from './keys/key-commands.js';

const USAGE =
  'Usage: npm run keys -- list | add vault | add payload | use <key id> | rotate vault | rotate payload | reseal | drop <key id>';

async function run(config: WorkerConfig, [command, what]: string[]): Promise<string[]> {
  if (command === 'list') return listKeys(config);
  const ring = what === 'vault' || what === 'payload' ? what : null;
  if (command === 'add' && ring) return addKey(config, ring);
  if (command === 'rotate' && ring) return rotateKey(config, ring);
  if (command === 'use' && what) return useKey(config, what);
  if (command === 'reseal') return reseal(config, (line) => console.log(line));
  if (command === 'drop' && what) return dropKey(config, what);
  throw new Error(USAGE);
}

async function main(): Promise<void> {
  for (const line of await run(readWorkerConfig(process.env), process.argv.slice(2))) console.log(line);
}

runCommand(main);
