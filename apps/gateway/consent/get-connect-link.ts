import { Controller, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { getConnectLink } from '#contract/consent/get-connect-link.js';
import type { ParamsOf } from '#contract/endpoint.js';
import { findManifest } from '#connectors/manifests.js';
import { glanceAtConnection } from '../connections/read-connection.js';
import { GatewayServices } from '../ports.js';
import { Route } from '../routes/route.js';
import { connectPage, unknownLinkPage, usedLinkPage } from './connect-page.js';
import { findByLink } from './find-by-link.js';
import { sendPage } from './html.js';

@Controller()
export class GetConnectLink {
  constructor(private readonly services: GatewayServices) {}

  /** Opening changes nothing. */
  @Route(getConnectLink)
  async handle(
    @Param({ schema: getConnectLink.params }) { link }: ParamsOf<typeof getConnectLink>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { store } = this.services;
    const lookup = await findByLink(store.attempts, link);
    if (lookup.kind === 'unknown') return sendPage(reply, 404, unknownLinkPage);
    if (lookup.kind === 'over') return sendPage(reply, 410, usedLinkPage);
    const { attempt } = lookup;
    const workspace = await store.workspaces.get(attempt.workspaceId);
    const manifest = findManifest(attempt.app);
    if (!workspace || !manifest) return sendPage(reply, 410, usedLinkPage);
    const { view } = await glanceAtConnection(this.services, attempt.workspaceId, attempt.connectionId);
    sendPage(
      reply,
      200,
      connectPage({
        workspaceName: workspace.name,
        connectionName: view.name,
        appName: manifest.name,
        instance: Object.values(attempt.frozen?.settings ?? view.settings).join(', '),
        scopes: attempt.scopes,
        expiresAt: attempt.expiresAt,
      }),
    );
  }
}
