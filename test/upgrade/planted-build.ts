/**
 * A second build of the present code with a change planted into its workflows: the compiled files are copied, one line is put in, and
 * the bundle is made anew by the build's own script. Workers of it are processes like any other.
 */
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runEntry } from '../support/child-process.js';

const ROOT = resolve(__dirname, '..', '..');

/** The name of the planted patch. */
export const PLANTED_PATCH = 'planted-by-the-upgrade-test';

/** Where commands are put in: before a renewal of a connection, and before the first step of a job. */
const PLACES = [
  {
    file: 'workflows/connection/connection-actor.js',
    before: "this.apply({ type: 'refreshStarted', at: Date.now() });",
  },
  { file: 'workflows/job/workflow.js', before: 'while (!(0, state_js_1.isOver)(this.state.status)) {' },
];

/** A further command: a timer. `marked` = behind a patch, as a change after a release has to be. */
const COMMAND = {
  marked: `if ((0, workflow_1.patched)('${PLANTED_PATCH}')) await (0, workflow_1.sleep)(1);`,
  unmarked: 'await (0, workflow_1.sleep)(1);',
};

export interface PlantedBuild {
  /** The file of the worker process. */
  workerEntry: string;
  bundle: string;
  remove(): void;
}

export async function plantedBuild(kind: keyof typeof COMMAND): Promise<PlantedBuild> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'hawser-planted-'));
  const dist = join(folder, 'dist');
  cpSync(join(ROOT, 'dist'), dist, { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  symlinkSync(realpathSync(join(ROOT, 'node_modules')), join(folder, 'node_modules'));
  for (const { file, before } of PLACES) {
    const path = join(dist, file);
    const parts = readFileSync(path, 'utf8').split(before);
    // A test that plants nothing would prove nothing.
    if (parts.length !== 2) throw new Error(`"${before}" stands ${parts.length - 1} times in ${file}.`);
    writeFileSync(path, parts.join(`${COMMAND[kind]}\n${before}`));
  }
  await runEntry(join(dist, 'apps', 'worker', 'build-bundle.js'), [], process.env);
  return {
    workerEntry: join(dist, 'apps', 'worker', 'main.js'),
    bundle: join(dist, 'workflow-bundle.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
