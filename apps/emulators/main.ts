import { startEmulators } from './start-emulators.js';
import type { Ports } from './core/hosts.js';

function portsOf(text: string | undefined): Ports {
  if (!text) return {};
  const read: unknown = JSON.parse(text);
  if (typeof read !== 'object' || read === null)
    throw new Error('EMULATORS_PORTS must be a JSON object of ports by name');
  return read as Ports;
}

async function main(): Promise<void> {
  const dataDir = process.env.EMULATORS_DATA;
  if (!dataDir) throw new Error('EMULATORS_DATA must name the folder for the data');
  const emulators = await startEmulators({ dataDir, ports: portsOf(process.env.EMULATORS_PORTS) });
  process.stdout.write(`EMULATORS_READY ${JSON.stringify(emulators.addresses)}\n`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void emulators.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`emulators: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
