/** Connects sockets for undici, by the address policy. */
import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { HawserError } from '#domain/errors.js';
import { isBlockedAddress } from './address-policy.js';

/** A connector that asks the policy about IP literals and about every DNS answer; one blocked answer refuses the host. */
export function guardedConnector(connectTimeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: connectTimeoutMs, lookup: guardedLookup });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // The URL parser has turned 0x7f.1, 2130706433 and their like into dotted form already (WHATWG URL, IPv4 parser).
    if (isIP(host) !== 0 && isBlockedAddress(host)) {
      callback(refusal(host), null);
      return;
    }
    connect(options, callback);
  };
}

const guardedLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) {
      callback(error, '', 0);
      return;
    }
    const first = addresses[0];
    if (!first || addresses.some(({ address }) => isBlockedAddress(address))) {
      callback(refusal(hostname), '', 0);
      return;
    }
    // Node asks with `all` when it races address families.
    if (options.all) (callback as unknown as (error: null, addresses: dns.LookupAddress[]) => void)(null, addresses);
    else callback(null, first.address, first.family);
  });
};

function refusal(host: string): HawserError {
  return new HawserError(
    'address_refused',
    `The host "${host}" leads to an address of a private or special network, which the address policy refuses. Correct the connection's address, or let the operator allow it.`,
  );
}
