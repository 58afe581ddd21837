/** What the app believes: the other side of every check. Each connection of a cell has an app client of its own, so that its grants and calls can be told from others. */
import { randomBytes } from 'node:crypto';
import type { LogEntry } from '../../support/emulator-control.js';
import type { Lane } from './lane.js';

export interface Owned {
  id: string;
  clientId: string;
}

/** A connection that was never authorized, with an app client that nobody else has. */
export async function ownConnection(lane: Lane, app: 'salesforce' | 'zendesk'): Promise<Owned> {
  const clientId = `client_${randomBytes(6).toString('hex')}`;
  const clientSecret = randomBytes(16).toString('hex');
  await lane.hawser.emulators.call('POST', '/clients', { app, clientId, clientSecret });
  const client = await lane.api.ok('POST', '/v1/app-clients', { app, name: clientId, clientId, clientSecret });
  const settings = app === 'salesforce' ? { environment: 'production' } : { subdomain: 'acme' };
  const connection = await lane.api.ok('POST', '/v1/connections', {
    app,
    name: clientId,
    settings,
    appClientId: client.id,
  });
  return { id: connection.id, clientId };
}

/** Ids of the grants of a client that live at the app. */
export async function liveGrants(lane: Lane, clientId: string): Promise<string[]> {
  const { orgs } = await lane.hawser.emulators.call<{ orgs: { grants: { id: string; clientId: string }[] }[] }>(
    'GET',
    '',
  );
  return orgs.flatMap(({ grants }) => grants.filter((grant) => grant.clientId === clientId).map(({ id }) => id));
}

export async function lastSeq(lane: Lane): Promise<number> {
  return (await lane.hawser.emulators.log({})).at(-1)?.seq ?? 0;
}

type TokenEntry = LogEntry & { clientId: string | null };

/** Calls of a client to token endpoints since then. */
export async function tokenCalls(
  lane: Lane,
  clientId: string,
  since: number,
  grantType: string,
): Promise<TokenEntry[]> {
  const entries = (await lane.hawser.emulators.log({ since })) as TokenEntry[];
  return entries.filter((entry) => entry.grantType === grantType && entry.clientId === clientId);
}
