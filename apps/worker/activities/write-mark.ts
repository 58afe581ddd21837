/**
 * Keeps Temporal told of a step's write, by the heartbeats of its activity (`workflows/job/write-mark.ts`). The SDK's own heartbeat is
 * sent when it likes, so the marks that count are sent by our client and awaited; the SDK's beats repeat the last mark, never an older
 * claim, and keep the activity alive at the server and in the SDK.
 */
import { Context } from '@temporalio/activity';
import { ActivityCompletionError, type Client } from '@temporalio/client';
import { HawserError } from '#domain/errors.js';
import type { WriteMark } from '#workflows/job/write-mark.js';
import { deadlineIn } from '../deadline-in.js';
import { temporalNow } from '../temporal-time.js';

const BEAT_MS = 5_000;
const MARK_DEADLINE_MS = 5_000;
/** From the mark to the first byte: a process that was paused in between stays silent. */
export const SEND_WITHIN_MS = 10_000;
const END_PAUSE_MS = 500;
/** Longer than that the server has given the activity up. */
const END_WITHIN_MS = 30_000;

/** Which mark has reached Temporal, and the moment before which the first byte must leave. */
export type BeforeWrite = (timeoutMs: number) => Promise<{ sendBefore: number }>;

export interface StepHeartbeat {
  /** Resolves when Temporal has it. */
  confirm(mark: WriteMark): Promise<void>;
  /** Sent some time later, or not at all. */
  beat(mark: WriteMark): void;
}

/** The heartbeat of the activity that runs here. */
export function stepHeartbeat(client: Client): StepHeartbeat {
  const context = Context.current();
  const { taskToken } = context.info;
  return {
    confirm: (mark) =>
      client.withDeadline(deadlineIn(MARK_DEADLINE_MS), () => client.activity.heartbeat(taskToken, mark)),
    beat: (mark) => context.heartbeat(mark),
  };
}

export class WriteMarker {
  private mark: WriteMark = { v: 1, at: 'alive' };
  private readonly beats: NodeJS.Timeout;

  constructor(private readonly heartbeat: StepHeartbeat) {
    this.beats = setInterval(() => heartbeat.beat(this.mark), BEAT_MS);
  }

  /** Before each write that must not be sent twice. Throws `temporarily_unavailable` when Temporal does not take the mark: send nothing. */
  async sending(timeoutMs: number, canLookUp: boolean): Promise<{ sendBefore: number }> {
    const sendBefore = temporalNow() + SEND_WITHIN_MS;
    await this.tell({ v: 1, at: 'sending', until: sendBefore + timeoutMs, canLookUp });
    return { sendBefore };
  }

  /** Before a write by an idempotency key: should the worker be lost, the next try must send the same. Throws as `sending`. */
  async evaluated(input: Record<string, unknown>): Promise<void> {
    await this.tell({ v: 1, at: 'evaluated', input });
  }

  private async tell(mark: WriteMark): Promise<void> {
    this.mark = mark;
    try {
      await this.heartbeat.confirm(mark);
    } catch (cause) {
      throw new HawserError(
        'temporarily_unavailable',
        'Nothing was sent, because Temporal could not be told beforehand. We repeat.',
        { cause },
      );
    }
  }

  /** Leaves how the step ended, where it has marked a write: its result may be lost on its way. Never throws. */
  async ended(end: Omit<Extract<WriteMark, { at: 'ended' }>, 'v' | 'at'>): Promise<void> {
    if (this.mark.at === 'alive') return;
    this.mark = { v: 1, at: 'ended', ...end } as WriteMark;
    for (const until = temporalNow() + END_WITHIN_MS; temporalNow() < until;) {
      try {
        return await this.heartbeat.confirm(this.mark);
      } catch (error) {
        // Given up, or taken with a word of the operator's (paused, reset): nothing more is to be told.
        if (error instanceof Error && !(error instanceof ActivityCompletionError) && /^Activity/.test(error.name))
          return;
        await new Promise((next) => setTimeout(next, END_PAUSE_MS));
      }
    }
  }

  stop(): void {
    clearInterval(this.beats);
  }
}
