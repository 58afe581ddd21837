/** The workflow bundle: built once beside the compiled code, so that a worker starts without the bundler. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { failureConverterPath } from '#temporal/data-converter.js';

/** Where `npm run build` puts the bundle. */
export const bundlePath = join(__dirname, '..', '..', 'workflow-bundle.js');

const workflowsPath = join(__dirname, '..', '..', 'workflows', 'index.js');
const interceptorsPath = join(__dirname, '..', '..', 'workflows', 'interceptors.js');

/** What the bundler is given; the same options for the build and for a worker that bundles by itself. */
export const bundleOptions = {
  workflowsPath,
  workflowInterceptorModules: [interceptorsPath],
  failureConverterPath,
  /**
   * Loaded once for a worker thread instead of once for each cached workflow: its modules were half of what an idle actor weighs
   * (docs/bench.md). It asks that no module of workflows/ or libs/domain keeps a state of its own: test/architecture/bundle.int.test.ts.
   */
  preloadModules: [workflowsPath, interceptorsPath],
};

/** The built bundle, or the sources for the worker's own bundler. */
export function workflowSource():
  { workflowBundle: WorkflowBundleOption } | { workflowsPath: string; interceptors: { workflowModules: string[] } } {
  if (existsSync(bundlePath)) return { workflowBundle: { codePath: bundlePath } };
  return { workflowsPath, interceptors: { workflowModules: [interceptorsPath] } };
}
