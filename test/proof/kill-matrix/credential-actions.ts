/** Refresh and verify, at an app that rotates strictly: a lost answer is lost. */
import type { ConnectionState } from '#workflows/connection/state.js';
import { eventually } from '../../support/eventually.js';
import { workerWasKilled, type Action, type Judgement, type Prepared } from './action.js';
import { lastSeq, liveGrants, tokenCalls } from './app-side.js';
import { keptConnection } from './kept-connection.js';
import { projected, vaultVersions } from './our-side.js';
import { ask } from './patient-person.js';

const PATIENCE_MS = 90_000;

/** Nobody can know whether a strict app was asked: what it still accepts is served until shortly before its end, then asked again. */
const servesOn = (state: ConnectionState, before: ConnectionState): boolean =>
  state.status === 'degraded' &&
  state.reason?.code === 'renewal_ambiguous' &&
  state.proofCount > before.proofCount &&
  state.proof?.accepted === true;

export const refreshAction: Action = {
  name: 'refresh',
  async prepare(lane): Promise<Prepared> {
    const own = await keptConnection(lane, 'refresh', 'zendesk');
    const before = await projected(lane, own.id);
    const version = before.credential?.version ?? 0;
    const grants = (await liveGrants(lane, own.clientId)).length;
    const since = await lastSeq(lane);
    const calls = (): Promise<any[]> => tokenCalls(lane, own.clientId, since, 'refresh_token');
    const isOver = async (): Promise<boolean> => {
      const state = await projected(lane, own.id);
      return (state.credential?.version ?? 0) > version || state.status === 'invalid' || servesOn(state, before);
    };
    return {
      run: () =>
        eventually(
          'a newer version, an honest no, or the old version served on',
          async () => {
            // A person presses again while the app was never asked. Once it was, or nobody can know, a proof shows what has become of it.
            const unknown = (await projected(lane, own.id)).refresh.ambiguous !== null;
            const wish = (await calls()).length === 0 && !unknown ? 'refresh' : 'verify';
            await lane.api.send('POST', `/v1/connections/${own.id}/${wish}`, {}).catch(() => undefined);
            return isOver();
          },
          PATIENCE_MS,
          1_000,
        ).then(() => undefined),
      check: async (seen): Promise<Judgement> => {
        const violations: string[] = [];
        const spent = await calls();
        const view = await lane.api
          .ok('POST', `/v1/connections/${own.id}/verify`, {})
          .catch(() => lane.api.ok('GET', `/v1/connections/${own.id}`));
        if (spent.length > (workerWasKilled(seen) ? 2 : 1)) violations.push(`${spent.length} token calls`);
        if (view.status === 'connected') {
          if (!view.proof?.accepted) violations.push('connected without a proof');
          if (!(await vaultVersions(lane, own.id)).includes(view.version))
            violations.push(`version ${view.version} is not in the vault`);
          if ((await liveGrants(lane, own.clientId)).length !== grants)
            violations.push('the app knows other grants than before');
          return { outcome: 'connected', violations };
        }
        const state = await projected(lane, own.id);
        if (servesOn(state, before)) {
          // Only a killed worker leaves it open whether the app was asked; it was not, or its old access token would be refused.
          if (!workerWasKilled(seen) || spent.some((call) => call.didWork)) violations.push('degraded without need');
          const end = state.credential?.accessExpiresAt ?? 0;
          const { notBefore } = state.refresh;
          if (notBefore >= end || notBefore < end - 60_000) violations.push('its renewal is not repeated near its end');
          return { outcome: 'degraded: the old version is served on', violations };
        }
        const kept = (await vaultVersions(lane, own.id)).filter((one) => one > version);
        const lost = workerWasKilled(seen) && spent.some((call) => call.didWork) && kept.length === 0;
        if (view.status !== 'invalid' || view.reason?.code !== 'rotation_lost')
          violations.push(`${view.status}: ${view.reason?.code}`);
        else if (!lost)
          violations.push(
            `rotation_lost though the answer was not lost (vault: ${kept.join(', ') || 'nothing newer'}, calls: ${spent.length})`,
          );
        return { outcome: `${view.status}: ${view.reason?.code}`, violations };
      },
    };
  },
};

export const verifyAction: Action = {
  name: 'verify',
  async prepare(lane): Promise<Prepared> {
    const own = await keptConnection(lane, 'verify', 'zendesk');
    const before = await projected(lane, own.id);
    const grants = (await liveGrants(lane, own.clientId)).length;
    const since = await lastSeq(lane);
    return {
      run: async () => {
        await eventually(
          'a newer proof',
          async () => {
            await ask(lane, 'POST', `/v1/connections/${own.id}/verify`, {});
            return (await projected(lane, own.id)).proofCount > before.proofCount;
          },
          PATIENCE_MS,
          500,
        );
      },
      check: async (): Promise<Judgement> => {
        const violations: string[] = [];
        const view = await lane.api.ok('GET', `/v1/connections/${own.id}`);
        if (view.status !== 'connected' || !view.proof?.accepted)
          violations.push(`${view.status}: ${view.reason?.code}`);
        if (view.version !== before.credential?.version) violations.push(`version ${view.version}`);
        const renewals = await tokenCalls(lane, own.clientId, since, 'refresh_token');
        if (renewals.length > 0) violations.push(`${renewals.length} token calls`);
        if ((await liveGrants(lane, own.clientId)).length !== grants)
          violations.push('the app knows other grants than before');
        return { outcome: view.status, violations };
      },
    };
  },
};
