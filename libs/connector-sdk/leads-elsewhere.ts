/** Whether a part of an address can make it another address. Pure. */

/** Servers on the way decode once more than they should at times. */
const DECODINGS = 3;

/**
 * Whether a path leads out of itself: it has a dot segment (RFC 3986 section 5.2.4; also percent-encoded, which a URL parser resolves
 * just the same, or behind an encoded slash), a backslash (the URL standard reads it as a slash), or a control character (some are
 * dropped silently). An id that a recipe computes would choose the endpoint otherwise.
 */
export function leadsElsewhere(path: string): boolean {
  let text = path.split(/[?#]/, 1)[0] ?? '';
  if (text.includes('\\')) return true;
  for (let round = 0; round <= DECODINGS; round += 1) {
    if (/\p{Cc}/u.test(text) || text.split(/[/\\]/).some((segment) => segment === '.' || segment === '..')) return true;
    const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    if (decoded === text) return false;
    text = decoded;
  }
  return false;
}

/** Whether a setting may stand in the host or the path of a template: letters, digits, and single dots and hyphens between them. */
export const fitsAddress = (value: string): boolean => /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(value);
