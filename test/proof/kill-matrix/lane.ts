/** One running stack whose links all pass proxies: cells share it, and only the process that a cell kills is started again. */
import { createConnection, type Connection } from 'mongoose';
import { Api } from '../../support/api.js';
import type { TestProcess } from '../../support/child-process.js';
import { startHawser, type Hawser } from '../../support/start-hawser.js';
import { mongoProxy, temporalProxy } from '../../support/store-proxies.js';
import { TcpProxy } from '../../support/tcp-proxy.js';

export const LINKS = [
  'worker-temporal',
  'worker-mongo',
  'worker-app',
  'gateway-temporal',
  'gateway-mongo',
  'caller-gateway',
] as const;
export type Link = (typeof LINKS)[number];

export interface Lane {
  hawser: Hawser;
  api: Api;
  db: Connection;
  /** Every proxy of a link; frames are counted over all of them. */
  links: Record<Link, TcpProxy[]>;
  /** The process at the near end of a link: the one that a cell of that link kills. */
  nearEnd(link: Link): TestProcess;
  /** Connections that further cells may go on using, by purpose. */
  kept: Map<string, string>;
  stop(): Promise<void>;
}

export async function startLane(): Promise<Lane> {
  const [workerTemporal, gatewayTemporal] = await Promise.all([temporalProxy('grpc'), temporalProxy('grpc')]);
  const [workerMongo, gatewayMongo] = await Promise.all([mongoProxy('mongo'), mongoProxy('mongo')]);
  const apps: TcpProxy[] = [];
  const callers: TcpProxy[] = [];
  const hawser = await startHawser('everything is killed, behind proxies that count frames', {
    workersThrough: { temporal: workerTemporal.address, mongo: workerMongo.address },
    gatewayThrough: { temporal: gatewayTemporal.address, mongo: gatewayMongo.address },
    appsThrough: async (addresses) => {
      const proxied = await Promise.all(
        Object.entries(addresses).map(async ([name, address]) => {
          const proxy = await TcpProxy.start(new URL(address).host, 'http');
          apps.push(proxy);
          return [name, `http://${proxy.address}`] as const;
        }),
      );
      return Object.fromEntries(proxied);
    },
    callersThrough: async (port) => {
      const proxy = await TcpProxy.start(`127.0.0.1:${port}`, 'http');
      callers.push(proxy);
      return proxy.port;
    },
    env: { HAWSER_LEASE_MS: '1000' },
  });
  const [worker] = hawser.workers;
  if (!worker) throw new Error('A lane needs a worker.');
  const db = await createConnection(hawser.mongoUri).asPromise();
  const links: Lane['links'] = {
    'worker-temporal': [workerTemporal],
    'worker-mongo': [workerMongo],
    'worker-app': apps,
    'gateway-temporal': [gatewayTemporal],
    'gateway-mongo': [gatewayMongo],
    'caller-gateway': callers,
  };
  return {
    hawser,
    api: hawser.api,
    db,
    links,
    nearEnd: (link) => (link.startsWith('worker') ? worker : hawser.gateway),
    kept: new Map(),
    stop: async () => {
      await db.close();
      await hawser.stop();
      await Promise.all(
        Object.values(links)
          .flat()
          .map((proxy) => proxy.stop()),
      );
    },
  };
}
