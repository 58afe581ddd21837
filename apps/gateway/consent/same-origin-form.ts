/**
 * Was the button pressed on our own page? Else a foreign page could send a visitor's browser through an attempt of its
 * own making, and the visitor's grant would land in somebody else's connection.
 * A browser says so by Origin or Sec-Fetch-Site; a client that sends neither is no browser and has nobody to be tricked.
 */
export function isOwnForm(headers: Record<string, string | string[] | undefined>, publicUrl: string): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return true;
  // The Host header was checked before, so an origin of that host is ours under another of its names.
  return (
    origin === new URL(publicUrl).origin ||
    (typeof host === 'string' && (origin === `http://${host}` || origin === `https://${host}`))
  );
}
