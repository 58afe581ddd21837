import { setTimeout as pause } from 'node:timers/promises';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { getOauthCallback } from '#contract/consent/get-oauth-callback.js';
import { fillTemplate } from '#connector-sdk/authorize-url.js';
import { findManifest } from '#connectors/manifests.js';
import { connectionWorkflowId } from '#domain/ids.js';
import type { AttemptDocument } from '#store/documents.js';
import { signalActor } from '#temporal/signal-actor.js';
import { attemptAnsweredSignal } from '#workflows/connection/messages.js';
import { glanceAtConnection } from '../connections/read-connection.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { TEMPORAL_DEADLINE_MS } from '../temporal/temporal-call.js';
import { attemptEndOf } from './attempt-end.js';
import { ANSWERED_COOKIE_MS, cookieName, readCookie, setCookieHeader } from './browser-cookie.js';
import { sendPage } from './html.js';
import { answeredStateHash, judgeCallback, type Answer } from './judge-callback.js';
import { attemptIdOf } from './link-token.js';
import { outcomePage, refusedCallbackPage } from './outcome-page.js';

/** The page waits so long for the outcome, and looks so often. */
const WAIT_MS = 10_000;
const LOOK_MS = 200;

@Controller()
export class GetOauthCallback {
  constructor(private readonly services: GatewayServices) {}

  @Route(getOauthCallback)
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const url = request.raw.url ?? '';
    const query = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');
    const attemptId = attemptIdOf(query.get('state') ?? '');
    const attempt = attemptId === null ? null : await this.services.store.attempts.getForBrowser(attemptId);
    if (!attempt) return this.refuse(reply, null, 'unknown');
    const now = await this.services.store.attempts.now();
    const verdict = judgeCallback(attempt, {
      query,
      cookies: request.headers.cookie,
      now,
      issuer: await this.issuerOf(attempt),
    });
    if (verdict.kind === 'refused') return this.refuse(reply, attempt._id, verdict.reason);
    if (verdict.kind !== 'repeat' && !(await this.store(attempt, query.get('state') ?? '', verdict, now)))
      return this.refuse(reply, attempt._id, 'overtaken');
    await this.tellActor(attempt);
    this.shortenCookie(reply, attempt._id, request.headers.cookie);
    await this.showOutcome(reply, attempt);
  }

  /** One conditional update: sealed code and "answered" together. False when another writer was first. */
  private async store(attempt: AttemptDocument, state: string, answer: Answer, now: number): Promise<boolean> {
    const { store, sealer } = this.services;
    const { _id, workspaceId } = attempt;
    const stored =
      answer.kind === 'code'
        ? {
            sealedCode: await sealer.seal(answer.code, { workspaceId, subject: _id, purpose: 'answer', version: 1 }),
            answerError: null,
          }
        : { sealedCode: null, answerError: answer.error, answerDescription: answer.description ?? null };
    const change = {
      status: 'answered' as const,
      answeredAt: now,
      stateHash: answeredStateHash(state, answer),
      ...stored,
    };
    return (await store.attempts.compareAndSet(attempt, change)) !== null;
  }

  private shortenCookie(reply: FastifyReply, attemptId: string, cookies: string | undefined): void {
    const value = readCookie(cookies, cookieName(attemptId)) ?? '';
    const { publicUrl } = this.services.config;
    void reply.header('set-cookie', setCookieHeader(attemptId, value, { publicUrl, maxAgeMs: ANSWERED_COOKIE_MS }));
  }

  /** The signal only saves time: the attempt's timer reads the document before it gives up. */
  private async tellActor({ _id, workspaceId, connectionId }: AttemptDocument): Promise<void> {
    try {
      await signalActor(this.services.client, {
        workflowId: connectionWorkflowId(workspaceId, connectionId),
        signal: attemptAnsweredSignal,
        args: [{ attemptId: _id }],
        deadlineMs: TEMPORAL_DEADLINE_MS,
      });
    } catch (error) {
      this.services.log.warn('The actor could not be told of an answer; its timer will find it.', {
        connectionId,
        attemptId: _id,
        error: String(error),
      });
    }
  }

  private async showOutcome(
    reply: FastifyReply,
    { _id, workspaceId, connectionId, app }: AttemptDocument,
  ): Promise<void> {
    const { store, config } = this.services;
    const until = Date.now() + WAIT_MS;
    let attempt = await store.attempts.getForBrowser(_id);
    while (attempt !== null && attempt.end === null && Date.now() < until) {
      await pause(LOOK_MS);
      attempt = await store.attempts.getForBrowser(_id);
    }
    const connection = await store.connections.get(workspaceId, connectionId);
    sendPage(
      reply,
      200,
      outcomePage({
        connectionId,
        attemptId: _id,
        appName: findManifest(app)?.name ?? app,
        connectionName: connection?.name ?? connectionId,
        end: attempt === null ? null : attemptEndOf(attempt),
        origin: new URL(config.publicUrl).origin,
      }),
    );
  }

  private async issuerOf({ app, workspaceId, connectionId, frozen }: AttemptDocument): Promise<string | null> {
    const auth = findManifest(app)?.auth;
    if (!auth?.issuer) return null;
    if (frozen) return fillTemplate(auth.issuer, auth, frozen.settings);
    const { view } = await glanceAtConnection(this.services, workspaceId, connectionId);
    return fillTemplate(auth.issuer, auth, view.settings);
  }

  /** Stores nothing and says no more than that. */
  private refuse(reply: FastifyReply, attemptId: string | null, reason: string): void {
    this.services.events.callbackRefused({ attemptId, code: 'callback_rejected' });
    this.services.log.warn('A callback was refused.', { attemptId, reason });
    sendPage(reply, 400, refusedCallbackPage);
  }
}
