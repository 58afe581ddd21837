/** The page for Prometheus, on a port of its own: it needs no key, so it stays on loopback unless an operator says otherwise. */
import { createServer } from 'node:http';
import type { Metrics } from './metrics.js';

export interface MetricsPlace {
  /** Null: off. */
  port: number | null;
  bind: string;
}

export interface MetricsServer {
  close(): Promise<void>;
}

/** A scrape that has not ended by then is given up: nothing of it is owed to anybody. */
const SCRAPE_MS = 10_000;

/** @throws Error that names the setting, when the port cannot be had. */
export async function startMetricsServer(
  metrics: Pick<Metrics, 'page'>,
  { port, bind }: MetricsPlace,
): Promise<MetricsServer | null> {
  if (port === null) return null;
  const server = createServer({ requestTimeout: SCRAPE_MS }, (request, response) => {
    if (request.method !== 'GET' || request.url?.split('?', 1)[0] !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Only GET /metrics is here.\n');
      return;
    }
    metrics.page().then(
      ({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.setTimeout(SCRAPE_MS);
  await new Promise<void>((listening, failed) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      failed(
        new Error(
          code === 'EADDRINUSE'
            ? `HAWSER_METRICS_PORT is "${port}", and that port is taken. Each process needs one of its own.`
            : `HAWSER_METRICS_PORT: ${bind}:${port} cannot be listened to (${code ?? message}).`,
        ),
      ),
    );
    server.listen(port, bind, listening);
  });
  return {
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
