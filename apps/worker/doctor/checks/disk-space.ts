import { statfsSync } from 'node:fs';
import type { Check } from '../check.js';
import { notice, problem } from '../finding.js';

const MB = 1024 * 1024;
const LOW_MB = 1_024;
/** Below this the embedded databases are about to refuse writes. */
const FULL_MB = 200;

export const diskSpace: Check = {
  name: 'disk space',
  needs: [],
  async run({ config }) {
    const { bavail, bsize } = statfsSync(config.dataDir);
    const free = Math.floor((bavail * bsize) / MB);
    if (free >= LOW_MB) return [];
    return [
      (free < FULL_MB ? problem : notice)('disk_low', config.dataDir, {
        what: `Only ${free} MB are free where the data folder lies.`,
        why: 'A renewed credential that cannot be stored is lost with its process.',
        next: 'Make room on that disk.',
      }),
    ];
  },
};
