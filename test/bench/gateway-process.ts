/**
 * The gateway as it is, in a process of its own, with a clock around its two ports: it counts the time in which at least one call to
 * the store or to Temporal is under way. `GET /` of a second server tells the count in microseconds and begins anew.
 */
import 'reflect-metadata';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import type { Store } from '#store/connect-store.js';
import { createLogger } from '#telemetry/logger.js';
import { buildGateway } from '../../apps/gateway/build-gateway.js';
import { readGatewayConfig } from '../../apps/gateway/config/gateway-config.js';
import { openServices } from '../../apps/gateway/open-services.js';

class WaitClock {
  private underWay = 0;
  private since = 0;
  private waitedMs = 0;

  /** Calls under way at the same time count once. */
  async during<T>(call: () => Promise<T>): Promise<T> {
    if (this.underWay === 0) this.since = performance.now();
    this.underWay += 1;
    try {
      return await call();
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0) this.waitedMs += performance.now() - this.since;
    }
  }

  take(): number {
    const micros = this.waitedMs * 1_000;
    this.waitedMs = 0;
    return micros;
  }
}

function clockStore(store: Store, clock: WaitClock): void {
  for (const one of Object.values(store) as object[]) {
    if (one === store.db || typeof one === 'function') continue;
    const prototype = Object.getPrototypeOf(one) as object;
    for (const [name, { value: method }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name === 'constructor' || typeof method !== 'function') continue;
      Object.defineProperty(one, name, {
        value: (...args: unknown[]) =>
          clock.during(async () => (method as (...given: unknown[]) => unknown).apply(one, args)),
      });
    }
  }
}

/** Every call to Temporal has a deadline, and by that goes through here. */
function clockClient(client: Client, clock: WaitClock): void {
  const withDeadline = client.withDeadline.bind(client);
  client.withDeadline = (deadline, call) => clock.during(() => withDeadline(deadline, call));
}

async function main(): Promise<void> {
  const config = readGatewayConfig(process.env);
  const { services } = await openServices(config, createLogger({ service: 'gateway' }));
  const clock = new WaitClock();
  clockStore(services.store, clock);
  clockClient(services.client, clock);
  const app = await buildGateway(services);
  await app.listen(config.port, config.bind);
  const told = createServer((_request, response) => response.end(String(clock.take())));
  told.listen(0, '127.0.0.1', () => {
    const { port } = told.address() as AddressInfo;
    console.log(`READY ${JSON.stringify({ waits: `http://127.0.0.1:${port}/` })}`);
  });
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
