import { frozenOf } from '#workflows/connection/frozen-of.js';
import type { Check } from '../check.js';
import { problem, type Finding } from '../finding.js';

/** A connection without its app client cannot be renewed, though its access token may serve for a while. */
export const appClients: Check = {
  name: 'app clients are there',
  needs: ['store'],
  async run({ store, survey }) {
    const findings: Finding[] = [];
    for (const { state } of await survey.connections()) {
      const { workspaceId, connectionId, name, app, grant } = state;
      const { appClientId } = frozenOf(state, state.credential);
      if (grant === null || (appClientId !== null && (await store.appClients.get(workspaceId, appClientId)) !== null))
        continue;
      findings.push(
        problem('app_client_missing', connectionId, {
          what: `The connection "${name}" (${connectionId}) uses the app client ${appClientId ?? '(none)'}, which does not exist any more.`,
          why: `${app} renews a grant only for the client that it was given to: the connection ends with its access token.`,
          next: 'Restore the app client from a backup; or make another one, choose it in the settings of the connection and reconnect: a grant lives by the client that it was given to.',
        }),
      );
    }
    return findings;
  },
};
