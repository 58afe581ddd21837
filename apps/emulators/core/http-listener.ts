import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rememberUrl } from './request-notes.js';

export type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

export interface Listener {
  port: number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 only. */
export async function listen(port: number, answer: Answerer): Promise<Listener> {
  const server: Server = createServer((request, response) => {
    rememberUrl(request, request.url ?? '/');
    // Clients that cannot send PATCH use this parameter (REST API Developer Guide, "Using HTTP PATCH").
    const method = /[?&]_HttpMethod=([A-Z]+)/.exec(request.url ?? '')?.[1];
    if (method && request.method === 'POST') request.method = method;
    answer(request, response);
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
