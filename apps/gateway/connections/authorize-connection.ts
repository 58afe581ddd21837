import { Body, Controller, Param } from '@nestjs/common';
import { authorizeConnection } from '#contract/connections/authorize-connection.js';
import type { BodyOf, ParamsOf, ResponseOf } from '#contract/endpoint.js';
import { authorizeUpdate, reconfigureUpdate } from '#workflows/connection/messages.js';
import type { ConnectionView } from '#workflows/connection/messages.js';
import { requireManifest } from '../connectors/require-manifest.js';
import { ATTEMPT_MS, startAttempt } from '../consent/start-attempt.js';
import { GatewayServices } from '../ports.js';
import { ProblemError } from '../problems/problem-error.js';
import { Route } from '../routes/route.js';
import { WorkspaceOfKey } from '../routes/workspace-of-key.js';
import { onlyAppClient } from './choose-app-client.js';
import { updateConnection } from './connection-update.js';
import { askConnection } from './read-connection.js';

@Controller()
export class AuthorizeConnection {
  constructor(private readonly services: GatewayServices) {}

  @Route(authorizeConnection)
  async handle(
    @WorkspaceOfKey() workspaceId: string,
    @Param({ schema: authorizeConnection.params }) { id }: ParamsOf<typeof authorizeConnection>,
    @Body({ schema: authorizeConnection.body }) _: BodyOf<typeof authorizeConnection>,
  ): Promise<ResponseOf<typeof authorizeConnection>> {
    const { view } = await askConnection(this.services, workspaceId, id);
    const manifest = requireManifest(view.app);
    const appClientId = await this.appClientOf(workspaceId, view);
    // The document goes first: a link whose attempt the actor never heard of leads to nothing, the other way round it would hang.
    const { attemptId, url, expiresAt } = await startAttempt(this.services, {
      workspaceId,
      connectionId: id,
      manifest,
      appClientId,
      settings: view.settings,
    });
    await updateConnection(this.services, workspaceId, id, {
      update: authorizeUpdate,
      args: [{ attemptId, expiresAt, lifetimeMs: ATTEMPT_MS, by: 'person', policy: manifest.policy }],
      updateId: `authorize:${attemptId}`,
    }).catch(async (error: unknown) => {
      // Its link reached nobody. If the actor did hear of it, its timer finds the attempt closed.
      await this.forsake(workspaceId, attemptId);
      throw error;
    });
    this.services.events.attemptStarted({ workspaceId, connectionId: id, app: view.app, attemptId });
    return { attemptId, url, expiresAt };
  }

  /** What fails here is closed by the store's own sweep. */
  private async forsake(workspaceId: string, attemptId: string): Promise<void> {
    const { attempts } = this.services.store;
    const end = { attemptId, outcome: 'failed', code: 'attempt_cancelled', at: Date.now() };
    await attempts.close(workspaceId, attemptId, JSON.stringify(end)).catch(() => undefined);
  }

  /** Its app client; one that was registered after the connection is given to it now, since renewals need it too. */
  private async appClientOf(workspaceId: string, view: ConnectionView): Promise<string> {
    const { store } = this.services;
    if (view.appClientId !== null && (await store.appClients.get(workspaceId, view.appClientId)))
      return view.appClientId;
    const only = await onlyAppClient(store, workspaceId, view.app);
    if (only === null) {
      throw new ProblemError(
        'conflict',
        `The connection "${view.name}" has no app client, and the workspace has none or several for ${view.app}.`,
        {
          cure: 'Register one (POST /v1/app-clients), or choose one (PATCH /v1/connections/:id with appClientId).',
        },
      );
    }
    const { connectionId, revision } = view;
    await updateConnection(this.services, workspaceId, connectionId, {
      update: reconfigureUpdate,
      args: [{ appClientId: only }],
      updateId: `reconfigure:${revision}.${only}`,
    });
    return only;
  }
}
