/**
 * Which addresses may never be dialled: a connection's settings name hosts, and a host may lead into the operator's own network
 * (server-side request forgery). Checked at connect time for every DNS answer, so that a name cannot change between check and use.
 */
import { BlockList, isIP } from 'node:net';

/** IANA special-purpose address registries (RFC 6890) and the cloud metadata services. */
const BLOCKED_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // shared address space (RFC 6598); holds Alibaba's metadata service
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local; 169.254.169.254 is the metadata service of most clouds
  ['172.16.0.0', 12],
  ['192.0.0.0', 24], // holds Oracle's metadata service
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['168.63.129.16', 32], // Azure's platform address
];

/**
 * Only 2000::/3 is given out as global unicast (RFC 4291 section 2.4). All else is special or may become so: loopback, local-use NAT64
 * (64:ff9b:1::/48), segment routing (5f00::/16), unique local (fc00::/7; fd00:ec2::254 is EC2's metadata service), link-local, multicast.
 */
const BLOCKED_V6: readonly (readonly [string, number])[] = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23], // protocol assignments, Teredo among them: an IPv4 address hides inside
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4: an IPv4 address hides inside
  ['3fff::', 20], // documentation (RFC 9637)
];

// Two lists: Node's looks for an IPv4 address among the IPv6 rules too, as ::ffff:0:0/96, which ::/3 holds.
const blockedV4 = new BlockList();
const blockedV6 = new BlockList();
for (const [address, prefix] of BLOCKED_V4) blockedV4.addSubnet(address, prefix, 'ipv4');
for (const [address, prefix] of BLOCKED_V6) blockedV6.addSubnet(address, prefix, 'ipv6');

/** Whether an IP address (no name) may not be dialled. What is no address at all is refused too. */
export function isBlockedAddress(address: string): boolean {
  const plain = plainAddress(address);
  if (plain === null) return true;
  return isIP(plain) === 4 ? blockedV4.check(plain, 'ipv4') : blockedV6.check(plain, 'ipv6');
}

/**
 * One writing for each address: without brackets and zone, an IPv4 address that is embedded in an IPv6 one (mapped, compatible, NAT64)
 * as that IPv4 address, all groups of any other IPv6 address. Null for what is no address.
 */
export function plainAddress(address: string): string | null {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 0) return null;
  return family === 4 ? bare : (embeddedIpv4(bare) ?? expand(bare).join(':'));
}

/** The IPv4 address inside a mapped (::ffff:0:0/96), compatible (::/96) or NAT64 (64:ff9b::/96) IPv6 address; else null. */
function embeddedIpv4(address: string): string | null {
  const groups = expand(address);
  const head = groups.slice(0, 6).join(':');
  const isEmbedded =
    head === '0:0:0:0:0:ffff' || head === '0:0:0:0:0:0' || head === '64:ff9b:0:0:0:0' || head === '0:0:0:0:ffff:0';
  if (!isEmbedded) return null;
  const [high, low] = [parseInt(groups[6] ?? '0', 16), parseInt(groups[7] ?? '0', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight groups of an IPv6 address, without leading zeros. The URL parser writes the shortest form (RFC 5952). */
function expand(address: string): string[] {
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = '', right] = shortest.split('::');
  const before = left === '' ? [] : left.split(':');
  if (right === undefined) return before;
  const after = right === '' ? [] : right.split(':');
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
}
