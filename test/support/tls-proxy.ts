/** TLS in front of a server that speaks plain text: a Temporal that asks for a client certificate. */
import { createConnection, type AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Certificate } from './certificates.js';

export interface TlsProxy {
  /** `localhost:port`. */
  address: string;
  close(): Promise<void>;
}

/** `clients`: the authority whose certificates clients must show; without it none is asked for. */
export async function startTlsProxy(target: string, own: Certificate, clients?: string): Promise<TlsProxy> {
  const [host = '127.0.0.1', port = '0'] = target.split(':');
  const open = new Set<TLSSocket>();
  const server = createServer(
    { ...own, ALPNProtocols: ['h2'], ...(clients && { ca: clients, requestCert: true, rejectUnauthorized: true }) },
    (near) => {
      const far = createConnection(Number(port), host);
      open.add(near);
      near.once('close', () => (open.delete(near), far.destroy()));
      far.once('close', () => near.destroy());
      for (const socket of [near, far]) socket.on('error', () => undefined);
      near.pipe(far).pipe(near);
    },
  );
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    address: `localhost:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
