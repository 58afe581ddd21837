/** The operator's list of private addresses that apps may have: `HAWSER_ALLOW_PRIVATE_ADDRESSES`. */
import { isIP } from 'node:net';
import { isBlockedAddress, plainAddress } from './address-policy.js';
import { canBeOpened, isLoopback, isPrivateNetwork, NetworkSet, type Network } from './private-networks.js';

export interface PrivateAddresses {
  /** Whether an origin may lead to this blocked address. */
  allows(origin: string, address: string): boolean;
  /** Whether an address may be dialled without encryption. */
  allowsPlainHttp(url: URL): boolean;
}

/** The default: none. */
export const NO_PRIVATE_ADDRESSES: PrivateAddresses = { allows: () => false, allowsPlainHttp: () => false };

const NAME = 'HAWSER_ALLOW_PRIVATE_ADDRESSES';
const EXAMPLE = 'https://gitlab.corp.example,http://10.1.2.3:8080,10.4.0.0/16';

/**
 * Parses the setting: origins and networks, separated by commas or blanks; empty or `false`: none.
 * Throws a plain Error that names the entry and the cure (it is read at boot only).
 */
export function parsePrivateAddresses(setting: string | undefined): PrivateAddresses {
  const entries = (setting ?? '').split(/[\s,]+/).filter(Boolean);
  if (entries.length === 0 || (entries.length === 1 && entries[0] === 'false')) return NO_PRIVATE_ADDRESSES;
  if (entries.includes('true'))
    throw new Error(
      `${NAME}: "true" would open every private address to every recipe, and is no longer taken. Name the apps that are meant, as origins or networks: ${EXAMPLE}.`,
    );
  const origins = new Set<string>();
  const networks: [string, number][] = [];
  for (const entry of entries) {
    const network = networkOf(entry);
    if (network) networks.push([network.address, network.prefix]);
    else origins.add(originOf(entry));
  }
  return allowing(origins, new NetworkSet(networks));
}

function allowing(origins: ReadonlySet<string>, networks: NetworkSet): PrivateAddresses {
  return {
    allows: (origin, address) =>
      canBeOpened(address) && (origins.has(origin) || (networks.has(address) && !isLoopback(address))),
    allowsPlainHttp: (url) => origins.has(url.origin) || networks.has(url.hostname),
  };
}

/** The network of an entry such as `10.4.0.0/16`, `fd12::/48` or `10.1.2.3`; null for what looks like an origin. */
function networkOf(entry: string): Network | null {
  if (entry.includes('://')) return null;
  const [, text = '', length] = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const address = text === '' ? null : plainAddress(text);
  const bits = address === null ? 0 : isIP(address) === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (address === null || prefix > bits)
    throw new Error(`${NAME}: "${entry}" is neither an origin nor a network. Such as: ${EXAMPLE}.`);
  if (!isPrivateNetwork({ address, prefix }))
    throw new Error(
      `${NAME}: the network "${entry}" is not inside a private one (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, fc00::/7). Public addresses need no entry; all others are never dialled.`,
    );
  if (isLoopback(address))
    throw new Error(
      `${NAME}: "${entry}" would open whatever listens on this machine. Name the app's origin with its port, such as http://127.0.0.1:8080.`,
    );
  return { address, prefix };
}

function originOf(entry: string): string {
  const url = URL.canParse(entry) ? new URL(entry) : null;
  const isOrigin =
    url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && /^https?:\/\/[^/?#@*]+\/?$/i.test(entry);
  if (!isOrigin) throw new Error(`${NAME}: "${entry}" is neither an origin nor a network. Such as: ${EXAMPLE}.`);
  const address = plainAddress(url.hostname);
  if (address !== null && isBlockedAddress(address) && !canBeOpened(address))
    throw new Error(`${NAME}: "${entry}" is an address that is never dialled: link-local, cloud metadata or special.`);
  return url.origin;
}
