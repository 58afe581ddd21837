/** The few paths that answer without an API key. Closed by default: what is not named here needs one. */

const OPEN = [
  /^\/health\/(live|ready)$/,
  /^\/connect\/[^/]+$/,
  /^\/oauth\/callback$/,
  /^\/openapi\.json$/,
  /^\/docs(\/|$)/,
];

/** `url` as it stands in the request line. */
export function needsNoKey(url: string): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return OPEN.some((pattern) => pattern.test(path));
}
