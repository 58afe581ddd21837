/**
 * How a gateway leaves a balancer without losing a request. First it says at `/health/ready` that it stops, and serves on: whoever asks
 * goes elsewhere, and each answer asks the connection to be closed. Then it refuses what is new, in a problem document with Retry-After,
 * while what is under way ends. Only then may its sockets be closed.
 */
import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../problems/problem-error.js';

/** A refused request has done nothing; another gateway, or this one's successor, takes it after this time. */
const RETRY_AFTER_MS = 2_000;

export class Drain {
  private phase: 'serving' | 'announced' | 'refusing' = 'serving';
  private underWay = 0;
  private readonly end = new AbortController();
  private whenIdle: () => void = () => undefined;

  /** Aborted when nothing new is served: streams that are open end here. */
  readonly ended: AbortSignal = this.end.signal;

  /** Before any other hook: counts what is under way, and refuses. */
  install(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', async (request, reply) => {
      this.underWay += 1;
      reply.raw.once('close', () => {
        this.underWay -= 1;
        if (this.underWay === 0) this.whenIdle();
      });
      if (this.phase === 'serving') return;
      void reply.header('connection', 'close');
      if (this.phase === 'refusing') throw stopping('This gateway stops. Nothing was done: repeat the request.');
      if (request.url.startsWith('/health/ready')) throw stopping('This gateway stops and takes no new requests.');
    });
    fastify.addHook('onSend', async (_request, reply) => {
      // Of requests that came before: their connections are not to be used again either.
      if (this.phase !== 'serving') void reply.header('connection', 'close');
    });
  }

  /**
   * Serves on for `announceMs` while it says that it stops, then refuses, and resolves when nothing is under way any more: after
   * `endWithinMs` at the latest.
   */
  async run(announceMs: number, endWithinMs: number): Promise<void> {
    this.phase = 'announced';
    if (announceMs > 0) await new Promise((resolve) => setTimeout(resolve, announceMs));
    this.phase = 'refusing';
    this.end.abort();
    if (this.underWay === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.whenIdle = resolve;
      timer = setTimeout(resolve, endWithinMs);
    });
    clearTimeout(timer);
  }
}

const stopping = (detail: string): ProblemError =>
  new ProblemError(
    'temporarily_unavailable',
    detail,
    { cure: 'Ask again: a balancer in front of several gateways sends it to another one.' },
    { retryAfterMs: RETRY_AFTER_MS },
  );
