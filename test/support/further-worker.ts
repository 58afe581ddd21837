/** One more worker beside those that `startHawser` has begun, with its own settings: stop it after the test. */
import { join } from 'node:path';
import { TestProcess } from './child-process.js';
import type { Hawser } from './start-hawser.js';

export async function furtherWorker(
  hawser: Hawser,
  name: string,
  env: Record<string, string> = {},
): Promise<TestProcess> {
  const worker = new TestProcess({
    name,
    entry: 'dist/bin/worker/main.js',
    env: { ...hawser.env, ...env },
    readyWord: 'READY',
    logFile: join(hawser.dataDir, 'logs', `${name}.log`),
  });
  await worker.start();
  return worker;
}
