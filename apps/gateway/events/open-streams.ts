import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { tooManyRequests } from '../http/rate-limit.js';
import { GatewayServices } from '../ports.js';

/** Open streams of this gateway; of one workspace. */
export const STREAMS = 500;
export const STREAMS_OF_WORKSPACE = 100;
/** Between two looks whether the keys of open streams are still in force, and for how long the store may think about it. */
const LOOK_EVERY_MS = 2_000;
const LOOK_WITHIN_MS = 2_000;
/** Whoever finds no room may ask again then. */
const FULL_WAIT_MS = 5_000;

/** Why a stream ends from our side; the client comes back by itself, and is answered as any request is. */
export type StreamEnd = 'unauthenticated' | 'temporarily_unavailable';

export interface OpenStream {
  workspaceId: string;
  keyHash: string;
  end(why: StreamEnd): void;
}

/** The streams that are open at this gateway: bounded, and ended within 5 s when their key is taken out of force. */
@Injectable()
export class OpenStreams implements OnModuleDestroy {
  private readonly open = new Set<OpenStream>();
  private timer: NodeJS.Timeout | null = null;
  private stopping = false;

  constructor(private readonly services: GatewayServices) {}

  /** @returns To be called when the stream has ended. @throws HawserError `too_many_requests` */
  enter(stream: OpenStream): () => void {
    const ofWorkspace = [...this.open].filter(({ workspaceId }) => workspaceId === stream.workspaceId).length;
    if (this.stopping || this.open.size >= STREAMS || ofWorkspace >= STREAMS_OF_WORKSPACE)
      throw tooManyRequests(FULL_WAIT_MS);
    this.open.add(stream);
    this.timer ??= setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
    return () => this.leave(stream);
  }

  onModuleDestroy(): void {
    this.stop();
  }

  /** Before the server drains and closes: it waits for answers under way, and a stream has no end of its own. */
  stop(): void {
    this.stopping = true;
    for (const stream of this.open) stream.end('temporarily_unavailable');
  }

  private leave(stream: OpenStream): void {
    this.open.delete(stream);
    if (this.open.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }

  private async look(): Promise<void> {
    const keys = new Set([...this.open].map(({ keyHash }) => keyHash));
    await Promise.all([...keys].map((key) => this.lookAt(key)));
  }

  private async lookAt(keyHash: string): Promise<void> {
    const found = this.services.store.apiKeys.findByHash(keyHash).then(
      (key) => (key === null ? 'unauthenticated' : null),
      () => 'temporarily_unavailable' as const,
    );
    const late = new Promise<StreamEnd>((resolve) => {
      setTimeout(() => resolve('temporarily_unavailable'), LOOK_WITHIN_MS).unref();
    });
    // A store that does not answer cannot say that the key is still in force.
    const why = await Promise.race([found, late]);
    if (why === null) return;
    for (const stream of this.open) if (stream.keyHash === keyHash) stream.end(why);
  }
}
