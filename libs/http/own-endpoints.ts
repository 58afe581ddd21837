/** The stack's own servers (MongoDB, Temporal, codec, gateway, Web UI): no recipe reaches them, whatever the operator has opened. */
import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { isIP } from 'node:net';
import { plainAddress } from './address-policy.js';
import { isLoopback } from './private-networks.js';

export interface Endpoint {
  host: string;
  port: number;
}

/** What nothing but MongoDB and Temporal listens on: refused in any private network, since a cluster has more members than its address names. */
const OWN_PORTS: ReadonlySet<number> = new Set([
  ...[27_017, 27_018, 27_019],
  ...[7_233, 7_234, 7_235, 7_239, 6_933, 6_934, 6_935, 6_939],
]);

/** Whether a private address with this port is a server of the stack. Names of its servers are looked up when a port fits. */
export async function isOwnEndpoint(own: readonly Endpoint[], address: string, port: number): Promise<boolean> {
  if (OWN_PORTS.has(port)) return true;
  const plain = plainAddress(address);
  for (const endpoint of own) {
    if (endpoint.port !== port) continue;
    const theirs = await addressesOf(endpoint.host);
    // Not known, so perhaps the same.
    if (plain === null || theirs === null) return true;
    if (theirs.includes(plain)) return true;
    if (theirs.some(isThisMachine) && isThisMachine(plain)) return true;
  }
  return false;
}

async function addressesOf(host: string): Promise<string[] | null> {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return [plainAddress(bare) ?? bare];
  try {
    return (await lookup(bare, { all: true })).flatMap(({ address }) => plainAddress(address) ?? []);
  } catch {
    return null;
  }
}

/** One process may be reached by each address of its machine. `0.0.0.0` and `::` stand for all of them. */
function isThisMachine(address: string): boolean {
  if (isLoopback(address) || address === '0.0.0.0' || /^(0:){7}0$/.test(address)) return true;
  return Object.values(networkInterfaces()).some((all) =>
    all?.some((one) => plainAddress(one.address) === plainAddress(address)),
  );
}
