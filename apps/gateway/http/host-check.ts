/** Which Host headers this gateway answers to: a guard against DNS rebinding, where a foreign page reaches a loopback server by its own name. */

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** Names without a port are accepted on any port. */
export function allowedHosts(publicUrl: string, extraHosts: readonly string[]): ReadonlySet<string> {
  return new Set([new URL(publicUrl).hostname, ...LOOPBACK, ...extraHosts].map((host) => host.toLowerCase()));
}

/** Whether a Host header names one of them. An absent or malformed header does not. */
export function isHostAllowed(allowed: ReadonlySet<string>, header: string | undefined): boolean {
  if (header === undefined) return false;
  const host = header.toLowerCase();
  const name = /^(\[[0-9a-f:.]+\]|[^:/@\s]+)(?::\d{1,5})?$/.exec(host)?.[1];
  return name !== undefined && (allowed.has(name) || allowed.has(host));
}
