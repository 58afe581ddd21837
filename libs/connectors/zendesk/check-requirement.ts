/** Whether grant and user have a right (README.md, "OAuth" for scopes, "Rights" for roles). Pure. */
import { parseRequirement } from '#connector-sdk/requirement-key.js';
import type { Me } from './guards.js';

/** What is known of the connected user. `configuration`: of the custom role; null when there is none or it cannot be read. */
export interface Rights {
  scopes: string[];
  user: Me;
  configuration: Record<string, unknown> | null;
}

/** Which entry of a custom role's configuration decides over writing to a resource. */
const ROLE_ENTRY: ReadonlyMap<string, string> = new Map([
  ['organizations', 'organization_editing'],
  ['tickets', 'ticket_editing'],
]);

/** Null when the right is there; else a sentence that names resource and right. */
export function checkRequirement(key: string, rights: Rights): string | null {
  const parts = parseRequirement(key);
  if (!parts || !['read', 'write'].includes(parts.right)) return `"${key}" is no requirement that Zendesk knows.`;
  const { object, right } = parts;
  const { scopes, user } = rights;
  // No scopes at all = the app did not say which were granted.
  if (scopes.length > 0 && !scopes.includes(right) && !scopes.includes(key)) {
    return `The grant lacks the scope ${key}. Reconnect and agree to it.`;
  }
  if (user.role !== 'agent' && user.role !== 'admin')
    return `The connected user is no agent, so it may not ${right} ${object}.`;
  if (right === 'read') return null;
  const entry = ROLE_ENTRY.get(object);
  const set = entry === undefined ? undefined : rights.configuration?.[entry];
  if (typeof set === 'boolean') return set ? null : roleSentence(object);
  // Without a readable custom role: organizations are the administrators' business; a plain agent may only change their notes (3.3).
  return object === 'organizations' && user.role !== 'admin' ? roleSentence(object) : null;
}

function roleSentence(object: string): string {
  return `The role of the connected user does not allow to write ${object}. Make the user an administrator, or allow it in its custom role.`;
}
