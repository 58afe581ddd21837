import type { FastifyReply } from 'fastify';
import type { StreamEnd } from './open-streams.js';

/** A reader that takes nothing for so long has gone; what it missed it reads when it comes back. */
const TAKES_WITHIN_MS = 20_000;
/** When a client comes back after an end. */
const RETRY_MS = 2_000;

/** One answer as server-sent events. Holds at most one piece that the reader has not taken. */
export class ServerSentEvents {
  private ended = false;
  private begun = false;
  private why: StreamEnd | null = null;

  constructor(private readonly reply: FastifyReply) {
    reply.raw.once('close', () => (this.ended = true));
  }

  get isOver(): boolean {
    return this.ended;
  }

  /** From here on the answer is ours alone: nothing else writes into it. */
  begin(): void {
    this.reply.hijack();
    const { raw } = this.reply;
    raw.writeHead(200, this.reply.getHeaders() as Record<string, string>);
    this.begun = true;
    raw.write(`retry: ${RETRY_MS}\n\n`);
    if (this.ended) this.finish();
  }

  /** Waits until the reader takes more. */
  async write(text: string): Promise<void> {
    const { raw } = this.reply;
    if (this.ended || raw.write(text)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.ended = true;
        raw.destroy();
      }, TAKES_WITHIN_MS);
      const done = (): void => {
        clearTimeout(timer);
        raw.off('drain', done).off('close', done);
        resolve();
      };
      raw.once('drain', done).once('close', done);
    });
  }

  end(why: StreamEnd): void {
    if (this.ended) return;
    this.ended = true;
    this.why = why;
    if (this.begun) this.finish();
  }

  private finish(): void {
    const { raw } = this.reply;
    raw.end(this.why === null ? undefined : `event: end\ndata: ${JSON.stringify({ code: this.why })}\n\n`);
    // A reader that takes nothing keeps no socket of ours.
    setTimeout(() => raw.destroy(), 1_000).unref();
  }
}
