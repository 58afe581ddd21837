import type { Org } from '../core/org.js';
import type { Role } from '../core/types.js';
import { nextId } from './numbers.js';
import { zendeskTokens } from './token-shapes.js';

export const seededPassword = 'hawser-demo-1';
export const seededApiToken = 'hawser-demo-zendesk-api-token';

function seedUser(org: Org, username: string, name: string, role: Role): void {
  org.putUser({
    id: String(nextId(org)),
    username,
    password: seededPassword,
    name,
    email: username,
    role,
    active: true,
    createdAt: org.now(),
    rights: {},
  });
}

export function seedZendesk(org: Org): void {
  seedUser(org, 'admin@acme.example', 'Alex Admin', 'admin');
  seedUser(org, 'agent@acme.example', 'Gil Agent', 'agent');
  seedUser(org, 'customer@acme.example', 'Chris Customer', 'end-user');
  org.secrets.add(seededApiToken);
  org.saveSetting('apiTokens', [seededApiToken]);
}

export function prepareZendesk(org: Org): void {
  org.tokenShapes = zendeskTokens;
}
