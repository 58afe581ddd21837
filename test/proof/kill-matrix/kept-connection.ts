/** A connection that several cells use one after the other: made anew only where a cell has ended it. */
import { SALESFORCE_ADMIN, ZENDESK_ADMIN } from '../../support/connect.js';
import { ownConnection, type Owned } from './app-side.js';
import type { Lane } from './lane.js';
import { ask, authorizePatiently } from './patient-person.js';

export async function keptConnection(lane: Lane, purpose: string, app: 'salesforce' | 'zendesk'): Promise<Owned> {
  const known = lane.kept.get(purpose);
  if (known) {
    const own = JSON.parse(known) as Owned;
    const { status } = await lane.api.ok('GET', `/v1/connections/${own.id}`);
    if (status === 'connected') {
      // Other cells end all access tokens of an app: whatever that causes belongs to them.
      await ask(lane, 'POST', `/v1/connections/${own.id}/verify`, {});
      return own;
    }
    // The same connection for life: what a cell has ended is authorized again. One that was lost at the app starts afresh, so that its orphans do not count.
    if (status === 'disconnected') return authorized(lane, own, app);
  }
  const own = await authorized(lane, await ownConnection(lane, app), app);
  lane.kept.set(purpose, JSON.stringify(own));
  return own;
}

async function authorized(lane: Lane, own: Owned, app: 'salesforce' | 'zendesk'): Promise<Owned> {
  const { ends } = await authorizePatiently(lane, own.id, app === 'zendesk' ? ZENDESK_ADMIN : SALESFORCE_ADMIN);
  if (ends.at(-1) !== 'in_force') throw new Error(`Not connected: ${ends.join(', ')}`);
  return own;
}
