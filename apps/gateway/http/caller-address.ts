/** Whom an address stands for, as far as a count is concerned. */
import { isIPv4, isIPv6 } from 'node:net';

/** IPv4 as it is, also in its IPv6 form; of IPv6 the /64: whoever has one address there has them all. */
export function callerAddress(ip: string | undefined): string {
  const address = (ip ?? '').replace(/%.*$/, '');
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1] ?? address;
  if (isIPv4(mapped)) return mapped;
  return isIPv6(address) ? `${networkOf(address)}::/64` : 'unknown';
}

/** The first four groups, without leading zeros. */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Math.max(0, 8 - groups.length - after.length);
  return [...groups, ...(tail === undefined ? [] : Array<string>(zeros).fill('0')), ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
