/** What a check is. One file per check; `checks.ts` lists them in the order in which they are run. */
import type { Client } from '@temporalio/client';
import type { Store } from '#store/connect-store.js';
import type { Opener } from '#vault/open.js';
import type { WorkerConfig } from '../config/worker-config.js';
import type { Finding } from './finding.js';
import type { Survey } from './survey.js';

/** The parts of the system; one that cannot be had makes the checks that need it be left out, and one check says why. */
export interface Parts {
  store: Store;
  /** Temporal answers and its namespace is there. */
  temporal: Client;
  /** The private vault keys can be read. */
  vaultKeys: Opener;
}

export type PartName = keyof Parts;

export interface CheckContext extends Parts {
  config: WorkerConfig;
  survey: Survey;
  now: number;
}

export interface Check {
  name: string;
  needs: readonly PartName[];
  run(context: CheckContext): Promise<Finding[]>;
}
