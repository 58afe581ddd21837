import { ZendeskError } from './api-error.js';

export type Access = 'read' | 'write';

/** `read`, `write` and `resource:read|write` (saas-apis 3.1). */
export function allows(scopes: string[], resource: string, access: Access): boolean {
  return scopes.includes(access) || scopes.includes(`${resource}:${access}`);
}

export function requireScope(scopes: string[], resource: string, access: Access): void {
  if (allows(scopes, resource, access)) return;
  const description = `You are missing the following required scopes: ${resource}:${access}, ${access}`;
  throw new ZendeskError(403, { error: 'Forbidden', description });
}

export function parseScopes(text: unknown): string[] {
  return typeof text === 'string' ? text.split(/[\s,]+/).filter(Boolean) : [];
}
