/** Which of the blocked addresses an operator may open: those of private networks, less what no recipe may ever reach. */
import { BlockList, isIP } from 'node:net';
import { plainAddress } from './address-policy.js';

export interface Network {
  address: string;
  prefix: number;
}

type Rows = readonly (readonly [string, number])[];

const PRIVATE_V4: Rows = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10], // RFC 6598; overlay networks use it
  ['127.0.0.0', 8],
];
const PRIVATE_V6: Rows = [
  ['fc00::', 7],
  ['::1', 128],
];

/**
 * Services of clouds that answer credentials to whoever asks, where they lie inside a private network. Those at 169.254.0.0/16,
 * fe80::/10, 168.63.129.16 and 192.0.0.192 lie in none, so nobody can open them.
 */
const METADATA_V4: Rows = [['100.100.100.200', 32]]; // Alibaba
const METADATA_V6: Rows = [
  ['fd00:ec2::', 32], // EC2: metadata ::254, time ::123, DNS ::253, pod identities ::23
  ['fd20:ce::', 32], // Google
  ['fd00:c1::', 32], // Oracle
  ['fd00:42::', 32], // Scaleway
];

/** A set of networks of both families. Two lists: Node's looks for an IPv4 address among the IPv6 rules too. */
export class NetworkSet {
  private readonly v4 = new BlockList();
  private readonly v6 = new BlockList();

  constructor(networks: Rows) {
    for (const [address, prefix] of networks) {
      if (isIP(address) === 4) this.v4.addSubnet(address, prefix, 'ipv4');
      else this.v6.addSubnet(address, prefix, 'ipv6');
    }
  }

  has(address: string): boolean {
    const plain = plainAddress(address);
    if (plain === null) return false;
    return isIP(plain) === 4 ? this.v4.check(plain, 'ipv4') : this.v6.check(plain, 'ipv6');
  }
}

const PRIVATE = new NetworkSet([...PRIVATE_V4, ...PRIVATE_V6]);
const METADATA = new NetworkSet([...METADATA_V4, ...METADATA_V6]);
const LOOPBACK = new NetworkSet([
  ['127.0.0.0', 8],
  ['::1', 128],
]);

export const isLoopback = (address: string): boolean => LOOPBACK.has(address);

/** Whether the operator can open this address at all. */
export const canBeOpened = (address: string): boolean => PRIVATE.has(address) && !METADATA.has(address);

/** Whether a network lies inside one private network as a whole. */
export function isPrivateNetwork({ address, prefix }: Network): boolean {
  const rows = isIP(address) === 4 ? PRIVATE_V4 : PRIVATE_V6;
  return rows.some(([base, length]) => prefix >= length && new NetworkSet([[base, length]]).has(address));
}
