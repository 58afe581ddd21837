/**
 * `npm run doctor [-- --json] [-- --rebuild]`: looks at a live system and explains what is wrong with it. Exit code 0: nothing is to be
 * done; 1: somebody must act. `--rebuild` first starts again what is lost or older than its projection, and lets actors take over what
 * the vault holds beyond them. It changes nothing else.
 */
import { parseArgs } from 'node:util';
import { runCommand } from '#telemetry/run-command.js';
import { readWorkerConfig } from './config/worker-config.js';
import { CHECKS } from './doctor/checks.js';
import { openParts, type OpenedParts } from './doctor/open-parts.js';
import { repair } from './doctor/repair.js';
import { runChecks } from './doctor/run-checks.js';
import { tellDiagnosis } from './doctor/tell-diagnosis.js';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, rebuild: { type: 'boolean', default: false } },
  });
  const config = readWorkerConfig(process.env);
  const opened = await openParts(config);
  try {
    // With --json the answer alone stands on stdout.
    if (values.rebuild) await rebuild(opened, values.json ? console.error : console.log);
    const diagnosis = await runChecks(config, opened, CHECKS);
    console.log(values.json ? JSON.stringify(diagnosis, null, 2) : tellDiagnosis(diagnosis).join('\n'));
    process.exitCode = diagnosis.healthy ? 0 : 1;
  } finally {
    await opened.close();
  }
}

async function rebuild({ parts: { store, temporal } }: OpenedParts, tell: (line: string) => void): Promise<void> {
  if (store && temporal) await repair({ store, client: temporal, tell });
  else tell('Nothing can be rebuilt while a part is away:');
}

runCommand(main);
