/** Connects sockets for undici, by the address policy. */
import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { HawserError } from '#domain/errors.js';
import { isBlockedAddress } from './address-policy.js';
import { isOwnEndpoint, type Endpoint } from './own-endpoints.js';
import type { PrivateAddresses } from './private-addresses.js';

export interface ConnectRules {
  connectTimeoutMs: number;
  privateAddresses: PrivateAddresses;
  own: readonly Endpoint[];
}

/** What is dialled, as the policy sees it. */
interface Target {
  origin: string;
  host: string;
  port: number;
}

/** Each origin has a connector of its own, since undici's look-up knows the host alone. So many are kept. */
const CONNECTORS_KEPT = 500;

/** A connector that asks the policy about IP literals and about every DNS answer; one refused answer refuses the host. */
export function guardedConnector(rules: ConnectRules): buildConnector.connector {
  const connectors = new Map<string, buildConnector.connector>();
  const connectorFor = (target: Target): buildConnector.connector => {
    const kept = connectors.get(target.origin);
    if (kept) return kept;
    if (connectors.size >= CONNECTORS_KEPT) connectors.clear();
    const made = buildConnector({ timeout: rules.connectTimeoutMs, lookup: guardedLookup(target, rules) });
    connectors.set(target.origin, made);
    return made;
  };
  return (options, callback) => {
    const target = targetOf(options);
    const connect = connectorFor(target);
    // The URL parser has turned 0x7f.1, 2130706433 and their like into dotted form already (WHATWG URL, IPv4 parser).
    if (isIP(target.host) === 0) {
      connect(options, callback);
      return;
    }
    decideOn(target, [target.host], rules, (refused) => {
      if (refused) callback(refused, null);
      else connect(options, callback);
    });
  };
}

function targetOf({ protocol, hostname, port }: buildConnector.Options): Target {
  const host = hostname.replace(/^\[|\]$/g, '');
  const number = Number(port) || (protocol === 'https:' ? 443 : 80);
  const { origin } = new URL(`${protocol}//${isIP(host) === 6 ? `[${host}]` : host}:${number}`);
  return { origin, host, port: number };
}

const guardedLookup =
  (target: Target, rules: ConnectRules): LookupFunction =>
  (hostname, options, callback) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, '', 0);
        return;
      }
      const all = addresses.map(({ address }) => address);
      decideOn(target, all, rules, (refused) => {
        const first = addresses[0];
        if (refused || !first) callback(refused ?? refusal(target.host), '', 0);
        // Node asks with `all` when it races address families.
        else if (options.all)
          (callback as unknown as (error: null, found: dns.LookupAddress[]) => void)(null, addresses);
        else callback(null, first.address, first.family);
      });
    });
  };

/** Outside of the promise: what the socket's callback throws is no rejection of ours. */
function decideOn(
  target: Target,
  addresses: string[],
  rules: ConnectRules,
  decide: (refused: HawserError | null) => void,
) {
  void refusalOf(target, addresses, rules).then((refused) => process.nextTick(decide, refused));
}

/** Why the addresses of a host may not be dialled; null when all may. Never rejects. */
async function refusalOf(target: Target, addresses: string[], rules: ConnectRules): Promise<HawserError | null> {
  for (const address of addresses) {
    if (!isBlockedAddress(address)) continue;
    if (!rules.privateAddresses.allows(target.origin, address)) return refusal(target.host);
    if (await isOwnEndpoint(rules.own, address, target.port)) return ownRefusal(target);
  }
  return null;
}

function refusal(host: string): HawserError {
  return new HawserError(
    'address_refused',
    `The host "${host}" leads to an address of a private or special network, which the address policy refuses. Correct the connection's address, or let the operator name the app in HAWSER_ALLOW_PRIVATE_ADDRESSES.`,
  );
}

function ownRefusal({ host, port }: Target): HawserError {
  return new HawserError(
    'address_refused',
    `The address "${host}:${port}" is one of Hawser's own servers, which no recipe may reach. Correct the connection's address.`,
  );
}
