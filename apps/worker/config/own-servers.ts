/** Where the stack's own servers listen, as far as the worker's settings tell: no recipe may reach them (`libs/http/own-endpoints.ts`). */
import type { Endpoint } from '#http/own-endpoints.js';

export interface OwnServerSettings {
  TEMPORAL_ADDRESS: string;
  MONGODB_URI: string;
  TEMPORAL_UI_ORIGIN: string | null;
  HAWSER_PUBLIC_URL: string | null;
  HAWSER_GATEWAY_PORT: number;
  HAWSER_CODEC_PORT: number | null;
  HAWSER_OWN_ADDRESSES: Endpoint[];
}

/** Ports that the embedded stack has by default: they stay closed in a process that was not told of them. */
const DEFAULT_PORTS = [3_000, 7_233, 8_233, 8_234, 27_317];

export function ownServers(env: OwnServerSettings): Endpoint[] {
  const here = (port: number): Endpoint => ({ host: '127.0.0.1', port });
  return [
    ...DEFAULT_PORTS.map(here),
    here(env.HAWSER_GATEWAY_PORT),
    ...(env.HAWSER_CODEC_PORT ? [here(env.HAWSER_CODEC_PORT)] : []),
    ...hostsOf(env.TEMPORAL_ADDRESS, 7_233),
    ...mongoHosts(env.MONGODB_URI),
    ...[env.TEMPORAL_UI_ORIGIN, env.HAWSER_PUBLIC_URL].flatMap(originOf),
    ...env.HAWSER_OWN_ADDRESSES,
  ];
}

/** Throws a plain Error that names an entry of `HAWSER_OWN_ADDRESSES` without a port (it is read at boot only). */
export const namedServers = (setting: string): Endpoint[] => hostsOf(setting, null);

/** `host:port` or `[address]:port`, separated by commas or blanks. Without a port: the given one, or an Error. */
function hostsOf(list: string, port: number | null): Endpoint[] {
  return list
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((entry) => {
      const url = URL.canParse(`tcp://${entry}`) ? new URL(`tcp://${entry}`) : null;
      const number = Number(url?.port) || port;
      if (!url?.hostname || number === null)
        throw new Error(`HAWSER_OWN_ADDRESSES: "${entry}" is no host with a port, such as mongo:27017.`);
      return { host: url.hostname, port: number };
    });
}

/** The members that a connection string names. Those behind `mongodb+srv` are known by their port alone; a Unix socket is no address. */
function mongoHosts(uri: string): Endpoint[] {
  const hosts = /^mongodb:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri)?.[1] ?? '';
  return hosts
    .split(',')
    .filter((host) => host !== '' && !host.includes('%'))
    .flatMap((host) => hostsOf(host, 27_017));
}

function originOf(text: string | null): Endpoint[] {
  if (!text || !URL.canParse(text)) return [];
  const { hostname, port, protocol } = new URL(text);
  return [{ host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) }];
}
