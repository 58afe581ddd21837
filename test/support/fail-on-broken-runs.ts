/** Jest runs this with each test file: a run that the server ended, or whose task failed, fails the file (broken-runs.ts). */
import { isWanted, watchedNamespaces } from './watched-namespaces.js';

// Root hooks run in the order of their definition, so the stack of the file still runs.
afterAll(async () => {
  const namespaces = watchedNamespaces();
  if (namespaces.length === 0) return;
  const { brokenRuns } = await import('./broken-runs.js');
  const broken = (await brokenRuns(namespaces)).filter((line) => !isWanted(line));
  if (broken.length > 0)
    throw new Error(`Temporal ended these runs, or their tasks failed:\n${broken.slice(0, 20).join('\n')}`);
}, 120_000);
