/** One more worker or gateway beside those that `startHawser` has begun, with its own settings: stop it after the test. */
import { join } from 'node:path';
import { TestProcess } from './child-process.js';
import { freePort } from './free-port.js';
import type { Hawser } from './start-hawser.js';

export const furtherWorker = (hawser: Hawser, name: string, env: Record<string, string> = {}): Promise<TestProcess> =>
  further(hawser, name, 'dist/bin/worker/main.js', env);

/** It listens at `url`; links and callbacks lead to the first one, as behind a proxy. */
export async function furtherGateway(
  hawser: Hawser,
  name: string,
  env: Record<string, string> = {},
): Promise<{ process: TestProcess; url: string }> {
  const port = String(await freePort());
  const process = await further(hawser, name, 'dist/bin/gateway/main.js', { ...env, HAWSER_GATEWAY_PORT: port });
  return { process, url: `http://127.0.0.1:${port}` };
}

async function further(hawser: Hawser, name: string, entry: string, env: Record<string, string>): Promise<TestProcess> {
  const process = new TestProcess({
    name,
    entry,
    env: { ...hawser.env, ...env },
    readyWord: 'READY',
    logFile: join(hawser.dataDir, 'logs', `${name}.log`),
  });
  await process.start();
  return process;
}
