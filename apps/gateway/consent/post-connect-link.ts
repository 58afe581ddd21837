import { Controller, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { challengeOf, createVerifier } from '#auth/pkce.js';
import { postConnectLink } from '#contract/consent/post-connect-link.js';
import type { ParamsOf } from '#contract/endpoint.js';
import { authorizeUrl } from '#connector-sdk/authorize-url.js';
import { findManifest } from '#connectors/manifests.js';
import { mapOrigin } from '#domain/origin-map.js';
import type { AttemptDocument } from '#store/documents.js';
import { askConnection } from '../connections/read-connection.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { mintCookieValue, setCookieHeader } from './browser-cookie.js';
import { foreignFormPage, unknownLinkPage, usedLinkPage } from './connect-page.js';
import { findByLink } from './find-by-link.js';
import { sendPage } from './html.js';
import { hashToken, mintAttemptToken } from './link-token.js';
import { isOwnForm } from './same-origin-form.js';

@Controller()
export class PostConnectLink {
  constructor(private readonly services: GatewayServices) {}

  @Route(postConnectLink)
  async handle(
    @Param({ schema: postConnectLink.params }) { link }: ParamsOf<typeof postConnectLink>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { store, config } = this.services;
    if (!isOwnForm(request.headers, config.publicUrl)) return sendPage(reply, 403, foreignFormPage);
    const lookup = await findByLink(store.attempts, link);
    if (lookup.kind === 'unknown') return sendPage(reply, 404, unknownLinkPage);
    if (lookup.kind === 'over') return sendPage(reply, 410, usedLinkPage);
    const bound = await this.bindBrowser(lookup.attempt, lookup.leftMs);
    if (bound === null) return sendPage(reply, 410, usedLinkPage);
    void reply.header('set-cookie', bound.cookie).redirect(bound.location, 303);
  }

  /** Mints cookie, state and PKCE; the last press of the button wins. Null when the attempt has moved on meanwhile. */
  private async bindBrowser(
    attempt: AttemptDocument,
    leftMs: number,
  ): Promise<{ location: string; cookie: string } | null> {
    const { store, sealer, config } = this.services;
    const { _id, workspaceId, connectionId, app, appClientId, redirectUri, scopes } = attempt;
    const manifest = findManifest(app);
    const client = await store.appClients.get(workspaceId, appClientId);
    if (!manifest || !client) return null;
    const { view } = await askConnection(this.services, workspaceId, connectionId);
    const state = mintAttemptToken(_id);
    const cookieValue = mintCookieValue();
    const verifier = manifest.auth.pkce === 'S256' ? createVerifier() : null;
    // Built first: settings that are wrong must not use the attempt up.
    const address = new URL(
      authorizeUrl(manifest.auth, attempt.frozen?.settings ?? view.settings, {
        clientId: client.clientId,
        redirectUri,
        state: state.token,
        scopes,
        codeChallenge: verifier === null ? null : challengeOf(verifier),
      }),
    );
    const sealedVerifier =
      verifier === null
        ? null
        : await sealer.seal(verifier, { workspaceId, subject: _id, purpose: 'verifier', version: 1 });
    const opened = await store.attempts.compareAndSet(attempt, {
      status: 'opened',
      cookieHash: hashToken(cookieValue),
      stateHash: state.hash,
      sealedVerifier,
    });
    if (opened === null) return null;
    return {
      location: (mapOrigin(config.originMap, address) ?? address).href,
      cookie: setCookieHeader(_id, cookieValue, { publicUrl: config.publicUrl, maxAgeMs: leftMs }),
    };
  }
}
