/** Authorize, reconnect, disconnect (also with an access token that has ended). */
import { ZENDESK_ADMIN } from '../../support/connect.js';
import { eventually } from '../../support/eventually.js';
import { workerWasKilled, type Action, type Judgement, type Prepared, type Seen } from './action.js';
import { lastSeq, liveGrants, ownConnection, tokenCalls, type Owned } from './app-side.js';
import { keptConnection } from './kept-connection.js';
import type { Lane } from './lane.js';
import { projected, vaultVersions } from './our-side.js';
import { ask, authorizePatiently } from './patient-person.js';

const PATIENCE_MS = 90_000;

/** An exchange whose answer was lost leaves a grant at the app whose tokens nobody knows; the person is asked to begin anew, and only then. */
async function judgeAuthorized(
  lane: Lane,
  own: Owned,
  facts: { ends: string[]; since: number; others: number; seen: Seen | null },
): Promise<Judgement> {
  const { ends, since, others, seen } = facts;
  const violations: string[] = [];
  const lost = ends.filter((end) => end === 'exchange_lost').length;
  const codes = await tokenCalls(lane, own.clientId, since, 'authorization_code');
  if (ends.at(-1) !== 'in_force') violations.push(`not in force: ${ends.join(', ')}`);
  if (lost > 0 && !workerWasKilled(seen)) violations.push('exchange_lost though the worker lived');
  if (ends.length > 1 && seen === null) violations.push(`asked again without need: ${ends.join(', ')}`);
  if (codes.length > ends.length) violations.push(`${codes.length} codes presented in ${ends.length} attempts`);
  const view = await lane.api.ok('POST', `/v1/connections/${own.id}/verify`, {});
  if (view.status !== 'connected' || !view.proof?.accepted)
    violations.push(`after it: ${view.status}, proof ${JSON.stringify(view.proof?.accepted)}`);
  // Of the lost ones only those live whose code had reached the app.
  const most = others + 1 + lost;
  const grants = await eventually(
    'the old grant to be given back',
    async () => {
      const live = (await liveGrants(lane, own.clientId)).length;
      return live >= others + 1 && live <= most && { live };
    },
    30_000,
    300,
  ).catch(async () => ({ live: (await liveGrants(lane, own.clientId)).length }));
  if (grants.live < others + 1 || grants.live > most)
    violations.push(`${grants.live} grants live at the app, ${most} explained`);
  return {
    outcome: lost > 0 ? 'exchange_lost, then connected' : ends.length > 1 ? 'connected, pressed again' : 'connected',
    violations,
  };
}

export const authorizeAction: Action = {
  name: 'authorize',
  async prepare(lane): Promise<Prepared> {
    const own = await ownConnection(lane, 'zendesk');
    const since = await lastSeq(lane);
    let ends: string[] = [];
    return {
      run: async () => void ({ ends } = await authorizePatiently(lane, own.id, ZENDESK_ADMIN)),
      check: (seen) => judgeAuthorized(lane, own, { ends, since, others: 0, seen }),
    };
  },
};

export const reconnectAction: Action = {
  name: 'reconnect',
  async prepare(lane): Promise<Prepared> {
    const own = await keptConnection(lane, 'reconnect', 'zendesk');
    const others = (await liveGrants(lane, own.clientId)).length - 1;
    const since = await lastSeq(lane);
    let ends: string[] = [];
    return {
      run: async () => void ({ ends } = await authorizePatiently(lane, own.id, ZENDESK_ADMIN)),
      check: (seen) => judgeAuthorized(lane, own, { ends, since, others, seen }),
    };
  },
};

/** Ended for us, ended at the app, and nothing of it in the vault. */
async function prepareDisconnect(lane: Lane, ended: boolean): Promise<Prepared> {
  const own = await keptConnection(lane, 'disconnect', 'zendesk');
  const others = (await liveGrants(lane, own.clientId)).length - 1;
  if (ended) await lane.hawser.emulators.expireAccessTokens('zendesk/acme');
  const since = await lastSeq(lane);
  return {
    run: async () => {
      await ask(lane, 'POST', `/v1/connections/${own.id}/disconnect`, { confirm: true });
      await eventually(
        'the credential to be given back',
        async () => {
          const state = await projected(lane, own.id);
          return state.status === 'disconnected' && state.retired.length === 0 && state.refresh.wish === null;
        },
        PATIENCE_MS,
        150,
      );
    },
    check: async (seen) => {
      const violations: string[] = [];
      const state = await projected(lane, own.id);
      const live = (await liveGrants(lane, own.clientId)).length - others;
      const held = await vaultVersions(lane, own.id);
      const renewals = await tokenCalls(lane, own.clientId, since, 'refresh_token');
      const admitted = state.reason?.evidence?.appCode === 'revocation_unknown';
      if (live > 0 && !admitted) violations.push('said to be revoked, but the grant lives at the app');
      if (admitted && !(workerWasKilled(seen) && renewals.length > 0))
        violations.push('a revocation was given up though no answer was lost');
      if (held.length > 0) violations.push(`the vault still holds ${held.join(', ')}`);
      // A worker that dies after the app has revoked cannot know it: its repeat is refused as an ended token is, and so is one renewal.
      const inVain = renewals.filter((call) => call.status >= 400).length;
      if (renewals.length - inVain > (ended ? 1 : 0) || inVain > (workerWasKilled(seen) ? 1 : 0))
        violations.push(`${renewals.length} renewals in order to revoke, ${inVain} of them refused`);
      return { outcome: admitted ? 'disconnected, said not to be revoked' : 'disconnected, revoked', violations };
    },
  };
}

export const disconnectAction: Action = { name: 'disconnect', prepare: (lane) => prepareDisconnect(lane, false) };
export const disconnectEndedAction: Action = {
  name: 'disconnect-ended',
  prepare: (lane) => prepareDisconnect(lane, true),
};
