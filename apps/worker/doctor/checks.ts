/** The checks, in the order in which they are run and told: the ground first, then what stands on it. */
import type { Check } from './check.js';
import { appClients } from './checks/app-clients.js';
import { clockDifference } from './checks/clock-difference.js';
import { diskSpace } from './checks/disk-space.js';
import { forcedEnds } from './checks/forced-ends.js';
import { invalidConnections } from './checks/invalid-connections.js';
import { keyFiles } from './checks/key-files.js';
import { keySpread } from './checks/key-spread.js';
import { lostActors } from './checks/lost-actors.js';
import { olderActors } from './checks/older-actors.js';
import { operatorWaits } from './checks/operator-waits.js';
import { pollers } from './checks/pollers.js';
import { searchAttributes } from './checks/search-attributes.js';
import { staleProjections } from './checks/stale-projections.js';
import { storeWritable } from './checks/store-writable.js';
import { stuckJobs } from './checks/stuck-jobs.js';
import { taskFailures } from './checks/task-failures.js';
import { vaultBoxes } from './checks/vault-boxes.js';
import { vaultVersions } from './checks/vault-versions.js';

export const CHECKS: readonly Check[] = [
  diskSpace,
  keyFiles,
  storeWritable,
  keySpread,
  clockDifference,
  searchAttributes,
  pollers,
  taskFailures,
  lostActors,
  olderActors,
  staleProjections,
  vaultBoxes,
  vaultVersions,
  appClients,
  operatorWaits,
  invalidConnections,
  stuckJobs,
  forcedEnds,
];
