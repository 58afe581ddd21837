/** Jobs that count as open although Temporal has ended their run at a limit go on from their history. */
import type { Client } from '@temporalio/client';
import type { Logger } from '#telemetry/logger.js';
import { recoverJob } from '../recover/recover-job.js';

export interface RecoverDeps {
  client: Client;
  logger: Pick<Logger, 'error' | 'warn'>;
}

/** Never throws: one that cannot be recovered stays open, and the doctor names it. */
export async function recoverOpenJobs(
  { client, logger }: RecoverDeps,
  workspaceId: string,
  jobIds: string[],
): Promise<void> {
  for (const jobId of jobIds) {
    try {
      const outcome = await recoverJob(client, workspaceId, jobId);
      if (outcome === 'recovered')
        logger.warn({ workspaceId, jobId }, 'A job that Temporal had ended at a limit goes on from its history.');
    } catch (error) {
      logger.error(
        { error, workspaceId, jobId },
        'A job that Temporal has ended at a limit could not be started again.',
      );
    }
  }
}
