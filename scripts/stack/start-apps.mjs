import path from 'node:path';
import { runCommand } from './run-command.mjs';
import { readyLine, supervise } from './supervise.mjs';

/** Starts the processes of ours, each supervised. `root` holds `dist/`; output goes to `<dataDir>/logs`. */
export function createApps({ root, dataDir, log }) {
  const entry = (name) => path.join('dist', 'apps', ...name.split('/'));
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

  return {
    /** Makes the keys; hands on what it prints (the first API key, once). */
    setup: (env, onLine) =>
      runCommand(process.execPath, [entry('worker/setup.js')], {
        cwd: root,
        env,
        logFile: logFile('setup'),
        failure: 'The first set-up failed',
        onLine,
      }),
    emulators: (env) => start('emulators', env, 'EMULATORS_READY'),
    worker: (env) => start('worker', env, 'READY'),
    gateway: (env) => start('gateway', env, 'READY'),
  };
}
