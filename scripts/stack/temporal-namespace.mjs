import { execFile } from 'node:child_process';
import { ClearError } from './clear-error.mjs';

/** Longer than any overlap of a poll, so that "already started" stays true for every event that is read twice. */
export const RETENTION = '30d';

export const SEARCH_ATTRIBUTES = {
  HawserWorkspace: 'Keyword',
  HawserApp: 'Keyword',
  HawserStatus: 'Keyword',
  HawserReason: 'Keyword',
  HawserRecipe: 'Keyword',
  HawserWaitingFor: 'Keyword',
  HawserMissing: 'Keyword',
  HawserJobState: 'Keyword',
  HawserRecord: 'Keyword',
  HawserSince: 'Datetime',
};

/** A server that makes a namespace at its start gives it a day's retention. */
export async function setRetention({ file, address, namespace }) {
  await temporal(file, [
    'operator',
    'namespace',
    'update',
    '--retention',
    RETENTION,
    '--address',
    address,
    '--namespace',
    namespace,
  ]);
}

function temporal(file, args) {
  return new Promise((resolve, reject) => {
    execFile(file, args, { timeout: 30_000 }, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else reject(new ClearError(`temporal ${args.slice(0, 3).join(' ')} failed: ${stderr.trim() || error.message}`));
    });
  });
}
