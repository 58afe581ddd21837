/**
 * `npm run roll [-- --before 2026-11-25T10:00:00Z | --older-build] [--rate 20]`: asks open runs of connections and recipes to roll
 * over into a new run. `--older-build`: only those that began before the present build was made. Patches and old payload keys may go
 * when none is left of the older ones. Last line, for programs: `ROLLED {"sent": …, "left": …}`; exit 1 when some are left.
 */
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCommand } from '#telemetry/run-command.js';
import { connectClient } from '#temporal/connect-client.js';
import { localPayloadCodec } from '#temporal/data-converter.js';
import { requireTemporal } from '#temporal/require-temporal.js';
import { readWorkerConfig } from './config/worker-config.js';
import { rollRuns } from './roll/roll-runs.js';
import { bundlePath } from './workflow-bundle.js';

const DEFAULT_RATE = 20;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { before: { type: 'string' }, 'older-build': { type: 'boolean' }, rate: { type: 'string' } },
  });
  const rate = Number(values.rate ?? DEFAULT_RATE);
  if (!(rate > 0 && rate <= 1_000)) throw new Error('--rate is a number of signals a second, from 1 to 1000.');
  const before = momentOf(values.before, values['older-build'] === true);
  const config = readWorkerConfig(process.env);
  const { client, close } = connectClient(config.temporal, localPayloadCodec(config));
  let toldAt = Date.now();
  try {
    await requireTemporal(client, config.temporal);
    const report = await rollRuns({
      client,
      before,
      rate,
      onProgress: (sent) => {
        if (Date.now() - toldAt < 1_000) return;
        toldAt = Date.now();
        console.log(`  … ${sent} asked`);
      },
    });
    const { sent, left } = report;
    console.log(
      `${sent} runs were asked to roll over, ${sent - left} have.${left > 0 ? ` ${left} have not yet: is a worker running? Then repeat.` : ''}`,
    );
    console.log(`ROLLED ${JSON.stringify(report)}`);
    if (left > 0) process.exitCode = 1;
  } finally {
    await close();
  }
}

function momentOf(before: string | undefined, olderBuild: boolean): number | null {
  if (olderBuild) return statSync(bundlePath).mtimeMs;
  if (before === undefined) return null;
  const moment = Date.parse(before);
  if (Number.isNaN(moment)) throw new Error(`--before: "${before}" is no date. Write it as 2026-11-25T10:00:00Z.`);
  return moment;
}

runCommand(main);
