/** A retirement whose access token has ended: the app revokes for a living one alone, and the worker may die between any two steps. */
import type { HttpRequest } from '#http/http.js';
import { connectors } from '#connectors/registry.js';
import type { RetireOutcome } from '#workflows/connection/activities.js';
import { after, connected, NOW } from '../../../../test/support/connection-states.js';
import { knownLate } from '#workflows/connection/retiring.js';
import type { ConnectionEvent } from '#workflows/connection/events.js';
import { modelVault, ModelVaultData } from '../../../../test/model/model-vault.js';
import type { ConnectionActivityDeps } from './deps.js';
import { retireActivity } from './retire.js';

class Killed extends Error {}

/** An app that rotates strictly and refuses a spent refresh token; its access tokens have all ended but the newest renewed one. */
class StrictApp {
  refresh = 'r1';
  living: string | null = null;
  revoked = false;
  renewals = 0;
  /** Renewals with a spent token. */
  refused = 0;
  /** The process dies here, once. */
  dieAt: 'answer to the renewal' | 'revocation' | null = null;

  send({ method, headers, body = '', onFirstByte }: HttpRequest) {
    onFirstByte?.();
    if (method === 'DELETE') {
      if (this.living === null || headers?.['authorization'] !== `Bearer ${this.living}`)
        return answer(401, { error: 'invalid_token' });
      this.die('revocation');
      this.revoked = true;
      return answer(204, {});
    }
    const presented = /r\d+/.exec(body)?.[0];
    if (presented !== this.refresh) {
      this.refused += 1;
      return answer(400, { error: 'invalid_grant' });
    }
    this.renewals += 1;
    this.refresh = `r${this.renewals + 1}`;
    this.living = `a${this.renewals + 1}`;
    this.die('answer to the renewal');
    return answer(200, {
      access_token: this.living,
      refresh_token: this.refresh,
      token_type: 'bearer',
      expires_in: 1_800,
    });
  }

  private die(point: StrictApp['dieAt']): void {
    if (this.dieAt !== point) return;
    this.dieAt = null;
    throw new Killed(point ?? '');
  }
}

const answer = (status: number, body: object) =>
  Promise.resolve({
    status,
    headers: { 'content-type': 'application/json' },
    text: JSON.stringify(body),
    at: Date.now(),
  });

function place(died?: 'rotation_lost' | 'grant_revoked') {
  const app = new StrictApp();
  const data = new ModelVaultData();
  const born = connected({ reuse: 'rejected' });
  data.versions.set(1, { facts: born.credential!, secret: { accessToken: 'a1', refreshToken: 'r1' } });
  let state = after(
    {
      ...born,
      app: 'zendesk',
      settings: { subdomain: 'acme' },
      ...(died && { refresh: { ...born.refresh, dead: { code: died } } }),
    },
    { type: 'disconnectAsked', at: NOW, by: 'person' },
  );
  // A retirement is repeated for a day from now.
  state = { ...state, retired: state.retired.map((entry) => ({ ...entry, until: Date.now() + 86_400_000 })) };
  /** What happens elsewhere when an operation of the vault is done. */
  let meanwhile: (point: string) => void = () => undefined;
  const deps = {
    vault: modelVault(data, (point) => (meanwhile(point), Promise.resolve('go'))),
    http: { send: async (request: HttpRequest) => app.send(request) },
    connectors,
    store: {
      appClients: { get: async () => ({ _id: 'cli_test', clientId: 'client', sealedSecret: null }) },
      connections: { project: async () => undefined },
    },
    opener: {},
    client: {},
    events: { credentialDestroyed: () => undefined },
    logger: { warn: () => undefined, error: () => undefined },
  } as unknown as ConnectionActivityDeps;
  const once = async (): Promise<RetireOutcome> => retireActivity(deps, { state, retired: state.retired[0]! });
  /** As the actor does it; a killed worker's try is begun again with the same input. */
  const toTheEnd = async (): Promise<void> => {
    for (let rounds = 0; state.retired.length > 0 && rounds < 6; rounds += 1) {
      const late = knownLate(state.retired[0]!);
      const outcome = await once().catch(() => null);
      if (outcome) state = after(state, { type: 'retired', outcome, ...late });
    }
  };
  const told = (event: ConnectionEvent): void => void (state = after(state, event));
  const during = (does: typeof meanwhile): void => void (meanwhile = does);
  return { app, data, toTheEnd, told, during, state: () => state };
}

test.each([[null], ['revocation' as const]])(
  'killed at %s: the renewed token is found again and ends the grant',
  async (dieAt) => {
    const { app, data, toTheEnd, state } = place();
    app.dieAt = dieAt;
    await toTheEnd();
    expect(app).toMatchObject({ revoked: true, renewals: 1 });
    expect(data.versions.size).toBe(0);
    expect(state().retired).toEqual([]);
    expect(state().reason?.evidence).toBeUndefined();
  },
);

test('killed with the answer to its renewal in hand: nobody claims that the grant was revoked', async () => {
  const { app, data, toTheEnd, state } = place();
  app.dieAt = 'answer to the renewal';
  await toTheEnd();
  expect(app).toMatchObject({ revoked: false, renewals: 1 });
  expect(data.versions.size).toBe(0);
  expect(state().reason?.evidence).toMatchObject({ appCode: 'revocation_unknown' });
});

test.each([
  ['rotation_lost' as const, { appCode: 'revocation_unknown' }],
  ['grant_revoked' as const, undefined],
])('a refresh token that was dead already (%s) is not sent once more', async (died, evidence) => {
  const { app, data, toTheEnd, state } = place(died);
  app.refresh = 'r2';
  await toTheEnd();
  expect(app).toMatchObject({ refused: 0, renewals: 0, revoked: false });
  expect(data.versions.size).toBe(0);
  if (evidence) expect(state().reason?.evidence).toMatchObject(evidence);
  else expect(state().reason?.evidence).toBeUndefined();
});

describe('an answer that a slow worker stores while its version is being retired', () => {
  const isOver = { type: 'lateAnswer', at: NOW, version: 1, attemptId: 'att_test', stays: true } as const;
  function looked() {
    const it = place();
    const stored = it.data.versions.get(1)!;
    it.data.versions.delete(1);
    it.app.living = 'a1';
    return { ...it, stores: () => void it.data.versions.set(1, stored) };
  }

  test('g09: just after the look into the vault: it is not destroyed unseen, and its announcement revokes it', async () => {
    const { app, data, toTheEnd, told, during, stores, state } = looked();
    during((point) => void (point === 'after open' && !data.versions.has(1) && stores()));
    await toTheEnd();
    during(() => undefined);
    expect(app.revoked).toBe(false);
    expect([...data.versions.keys()]).toEqual([1]);
    told(isOver);
    await toTheEnd();
    expect(app.revoked).toBe(true);
    expect(data.versions.size).toBe(0);
    expect(state().retired).toEqual([]);
  });

  test('g09: announced before the retirement has ended: another one follows', async () => {
    const { app, data, toTheEnd, told, during, stores, state } = looked();
    during((point) => {
      if (point !== 'after open' || data.versions.has(1) || app.revoked) return;
      stores();
      told(isOver);
    });
    await toTheEnd();
    expect(app.revoked).toBe(true);
    expect(data.versions.size).toBe(0);
    expect(state().retired).toEqual([]);
  });
});
