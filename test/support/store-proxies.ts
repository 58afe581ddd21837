/** Proxies before the two stores that `npm test` has started. */
import { TcpProxy } from './tcp-proxy.js';
import { requiredEnv } from './test-namespace.js';

type Protocol = Parameters<typeof TcpProxy.start>[1];

export const temporalProxy = (protocol?: Protocol): Promise<TcpProxy> =>
  TcpProxy.start(requiredEnv('HAWSER_TEST_TEMPORAL'), protocol);

export const mongoProxy = (protocol?: Protocol): Promise<TcpProxy> =>
  TcpProxy.start(/\/\/([^/]+)/.exec(requiredEnv('HAWSER_TEST_MONGO'))?.[1] ?? '', protocol);
