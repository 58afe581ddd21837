/**
 * Activities that wait for somebody slow, without holding a slot: a provider that answers in two minutes must not keep the renewals of
 * all others waiting. The activity is completed later by its task token; heartbeats go on, so a worker that dies is noticed as before.
 */
import { CompleteAsyncError } from '@temporalio/activity';
import { ActivityNotFoundError, type Client } from '@temporalio/client';
import type { Logger } from '#telemetry/logger.js';

const HEARTBEAT_MS = 1_000;
const REPORT_TRIES = 10;

export interface HandedOff<T> {
  taskToken: Uint8Array;
  work: Promise<T>;
  /** Resolves when the slot is to be given back. */
  release: Promise<void>;
  /** The server has given this try up meanwhile: what it brought is told in another way. */
  onUnwanted: (result: T) => Promise<void>;
}

export class HandOff {
  private readonly waiting = new Set<Promise<void>>();

  constructor(
    private readonly client: Client,
    private readonly logger: Logger,
  ) {}

  /** The work's result, if it comes before `release`. @throws CompleteAsyncError when it goes on without a slot. */
  async run<T>(handed: HandedOff<T>): Promise<T> {
    const first = await Promise.race([
      handed.work.then((result) => ({ result })),
      handed.release.then(() => ({ result: undefined })),
    ]);
    if (first.result !== undefined) return first.result;
    const following = this.follow(handed).finally(() => this.waiting.delete(following));
    this.waiting.add(following);
    throw new CompleteAsyncError();
  }

  /** Resolves when nothing is on its way any more, or after that time. */
  async drain(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([Promise.allSettled(this.waiting), late]);
    clearTimeout(timer);
  }

  private async follow<T>({ taskToken, work, onUnwanted }: HandedOff<T>): Promise<void> {
    const { activity } = this.client;
    const beat = setInterval(() => void activity.heartbeat(taskToken).catch(() => undefined), HEARTBEAT_MS);
    try {
      const result = await work;
      const wanted = await this.report(() => activity.complete(taskToken, result));
      if (!wanted) await onUnwanted(result);
    } catch (error) {
      this.logger.warn({ error }, 'A renewal that was waited for without a slot has failed.');
      await this.report(() => activity.fail(taskToken, error)).catch(() => undefined);
    } finally {
      clearInterval(beat);
    }
  }

  /** False = the server has given this try up, or cannot be reached. */
  private async report(tell: () => Promise<void>): Promise<boolean> {
    for (let round = 1; ; round += 1) {
      try {
        await tell();
        return true;
      } catch (error) {
        if (error instanceof ActivityNotFoundError || round >= REPORT_TRIES) return false;
        await new Promise((resolve) => setTimeout(resolve, 500 * round));
      }
    }
  }
}
