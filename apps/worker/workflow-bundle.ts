/** The workflow bundle: built once beside the compiled code, so that a worker starts without the bundler. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { failureConverterPath } from '#temporal/data-converter.js';

/** Where `npm run build` puts the bundle. */
export const bundlePath = join(__dirname, '..', '..', 'workflow-bundle.js');

/** What the bundler is given; the same options for the build and for a worker that bundles by itself. */
export const bundleOptions = {
  workflowsPath: join(__dirname, '..', '..', 'workflows', 'index.js'),
  failureConverterPath,
};

/** The built bundle, or the sources for the worker's own bundler. */
export function workflowSource(): { workflowBundle: WorkflowBundleOption } | { workflowsPath: string } {
  if (existsSync(bundlePath)) return { workflowBundle: { codePath: bundlePath } };
  return { workflowsPath: bundleOptions.workflowsPath };
}
