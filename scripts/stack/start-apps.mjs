import path from 'node:path';
import { runCommand } from './run-command.mjs';
import { readyLine, supervise } from './supervise.mjs';

/** Starts the processes of ours, each supervised. `root` holds `dist/`; output goes to `<dataDir>/logs`. */
export function createApps({ root, dataDir, log }) {
  const entry = (name) => path.join('dist', 'bin', ...name.split('/'));
  const logFile = (name) => path.join(dataDir, 'logs', `${name}.log`);

  function start(name, env, word) {
    const args = ['--enable-source-maps', entry(`${name}/main.js`)];
    const isReady = readyLine(word);
    return supervise({
      name,
      command: process.execPath,
      args,
      env,
      cwd: root,
      logFile: logFile(name),
      runFolder: path.join(dataDir, 'run'),
      isReady,
      log,
    });
  }

  // What these print may be a key: it goes to the terminal, and is not kept in a log.
  function run(file, args, failure, env, onLine) {
    const options = { cwd: root, env, logFile: logFile('setup'), failure, onLine, keepOutput: false };
    return runCommand(process.execPath, [entry(file), ...args], options);
  }

  return {
    /** Makes the key files. */
    setup: (env) => run('worker/setup.js', [], 'The keys could not be made', env),
    /** Makes the first workspace, or finds it: `{ workspaceId, keyFile }`. `tell` gets what a person should read once. */
    async workspace(env, tell) {
      let made;
      await run('gateway/make-workspace.js', ['first'], 'The first workspace could not be made', env, (line) => {
        if (line.startsWith('WORKSPACE ')) made = JSON.parse(line.slice('WORKSPACE '.length));
        else if (line.startsWith('API key')) tell(line);
      });
      return made;
    },
    /** Starts again what a new Temporal database does not know: `{ connections, recipes, lostJobs }`, each a number. */
    async rebuild(env) {
      let report;
      const listen = (line) => {
        if (line.startsWith('REBUILT ')) report = JSON.parse(line.slice('REBUILT '.length));
      };
      await run('worker/rebuild-actors.js', ['--only-missing'], 'Connections could not be rebuilt', env, listen);
      return { connections: report.rebuilt, recipes: report.recipes.rebuilt, lostJobs: report.lostJobs };
    },
    emulators: (env) => start('emulators', env, 'EMULATORS_READY'),
    worker: (env) => start('worker', env, 'READY'),
    gateway: (env) => start('gateway', env, 'READY'),
  };
}
