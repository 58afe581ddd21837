/** Whom an address stands for, as far as a count is concerned. */

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** Loose: what a proxy that is trusted hands on, or the socket itself. */
const IPV6 = /^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}$/i;

/** IPv4 as it is, also in its IPv6 form; of IPv6 the /64: whoever has one address there has them all. */
export function callerAddress(ip: string | undefined): string {
  const address = (ip ?? '').replace(/%.*$/, '');
  const mapped = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (IPV4.test(mapped)) return mapped;
  return IPV6.test(address) ? `${networkOf(address)}::/64` : 'unknown';
}

/** The first four groups, without leading zeros. */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Math.max(0, 8 - groups.length - after.length);
  return [...groups, ...(tail === undefined ? [] : Array<string>(zeros).fill('0')), ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group || '0', 16).toString(16))
    .join(':');
}
