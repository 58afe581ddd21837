/** `node dist/apps/worker/build-bundle.js`: bundles the workflows. A step of `npm run build`. */
import { renameSync, writeFileSync } from 'node:fs';
import { bundleWorkflowCode } from '@temporalio/worker';
import { bundleOptions, bundlePath } from './workflow-bundle.js';

async function main(): Promise<void> {
  const quiet = { trace() {}, debug() {}, info() {}, log() {}, warn: console.warn, error: console.error };
  const { code } = await bundleWorkflowCode({ ...bundleOptions, logger: quiet });
  // Renamed into place: a worker that starts meanwhile sees the old bundle or the new one, never a half.
  writeFileSync(`${bundlePath}.new`, code);
  renameSync(`${bundlePath}.new`, bundlePath);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
