/** Two gateways behind a small balancer are stopped and started in turn while ten callers ask without pause: no request fails. */
import { Agent, createServer, request as ask, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildGateway } from '../build-gateway.js';
import { OpenStreams } from '../events/open-streams.js';
import { fakeServices, TEST_KEY } from '../testing/fake-services.js';
import { Drain } from './drain.js';

const HEADERS = { authorization: `Bearer ${TEST_KEY}`, host: '127.0.0.1:3000' };
const CALLERS = 10;
const ANNOUNCE_MS = 1_500;
const PROBE_EVERY_MS = 50;

interface Gateway {
  port: number;
  streams: OpenStreams;
  stop(announceMs?: number): Promise<void>;
}

const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** Its look-up of a key takes its time, so that requests are under way when it is told to stop. */
async function startGateway(lookUp = aMoment): Promise<Gateway> {
  const drain = new Drain();
  const { services } = fakeServices({ rateLimit: 1_000_000 });
  const { apiKeys } = services.store;
  const find = apiKeys.findByHash.bind(apiKeys);
  apiKeys.findByHash = async (hash) => {
    await lookUp();
    return find(hash);
  };
  // Ready without a Temporal: only the drain says no.
  services.client.workflowService.describeNamespace = (async () => ({})) as never;
  const app = await buildGateway(services, drain);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    port,
    streams: app.get(OpenStreams),
    stop: async (announceMs = ANNOUNCE_MS) => {
      await drain.run(announceMs, 5_000);
      await app.close();
    },
  };
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

function get(port: number, path: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = ask({ port, host: '127.0.0.1', path, headers: HEADERS, ...(agent && { agent }) }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => (body += text));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Keeps connections, asks each gateway whether it is ready, repeats nothing. */
class Balancer {
  private readonly ready = new Set<Gateway>();
  private readonly agent = new Agent({ keepAlive: true });
  private readonly timer = setInterval(() => void this.probe(), PROBE_EVERY_MS);
  private turn = 0;
  private readonly server: Server = createServer((request, response) => {
    const [...gateways] = this.ready;
    const chosen = gateways[(this.turn += 1) % gateways.length];
    if (!chosen) return response.writeHead(502).end('no gateway is ready');
    get(chosen.port, request.url ?? '/', this.agent).then(
      ({ status, body }) => response.writeHead(status).end(body),
      (error: Error) => response.writeHead(502).end(error.message),
    );
  });

  constructor(private readonly gateways: Gateway[]) {}

  async listen(): Promise<number> {
    await this.probe();
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  add(gateway: Gateway): Promise<void> {
    this.gateways.push(gateway);
    return this.probe();
  }

  private async probe(): Promise<void> {
    await Promise.all(
      this.gateways.map(async (gateway) => {
        const { status } = await get(gateway.port, '/health/ready').catch(() => ({ status: 0 }));
        if (status === 200) this.ready.add(gateway);
        else this.ready.delete(gateway);
      }),
    );
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

test('both gateways roll: not one request fails', async () => {
  const first = await startGateway();
  const second = await startGateway();
  const balancer = new Balancer([first, second]);
  const port = await balancer.listen();
  const failed: string[] = [];
  let asked = 0;
  let over = false;
  const agent = new Agent({ keepAlive: true });
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!over) {
      const { status, body } = await get(port, '/v1/connectors', agent);
      asked += 1;
      if (status !== 200) failed.push(`${status} ${body.slice(0, 200)}`);
    }
  });
  const replacements: Gateway[] = [];
  for (const gateway of [first, second]) {
    await gateway.stop();
    const replacement = await startGateway();
    replacements.push(replacement);
    await balancer.add(replacement);
  }
  const before = asked;
  while (asked < before + CALLERS) await new Promise((resolve) => setTimeout(resolve, 20));
  over = true;
  await Promise.all(callers);
  agent.destroy();
  await balancer.close();
  await Promise.all(replacements.map((gateway) => gateway.stop(0)));
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(5 * CALLERS);
}, 60_000);

test('ready says 503 first, and requests are served', async () => {
  const gateway = await startGateway();
  const stopped = gateway.stop();
  const ready = await get(gateway.port, '/health/ready');
  expect(ready).toMatchObject({ status: 503, headers: { 'retry-after': '2', connection: 'close' } });
  const served = await get(gateway.port, '/v1/connectors');
  expect(served).toMatchObject({ status: 200, headers: { connection: 'close' } });
  await stopped;
});

/** Its answers wait until they may go on; `isUnderWay` = the first request has come. */
async function gatewayThatHoldsARequest() {
  let goOn = (): void => undefined;
  let arrived = (): void => undefined;
  const isUnderWay = new Promise<void>((resolve) => (arrived = resolve));
  const gateway = await startGateway(() => {
    arrived();
    return new Promise((resolve) => (goOn = resolve));
  });
  return { gateway, isUnderWay, goOn: () => goOn() };
}

test('then what is new is refused in a problem document, and what is under way ends', async () => {
  const { gateway, isUnderWay, goOn } = await gatewayThatHoldsARequest();
  const underWay = get(gateway.port, '/v1/connectors');
  await isUnderWay;
  const stopped = gateway.stop(0);
  const refused = await get(gateway.port, '/v1/connectors');
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '2', connection: 'close' } });
  expect(refused.headers['content-type']).toContain('application/problem+json');
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'temporarily_unavailable' });
  goOn();
  expect(await underWay).toMatchObject({ status: 200 });
  await stopped;
});

test('open streams are ended before it is waited for what is under way', async () => {
  const { gateway, isUnderWay, goOn } = await gatewayThatHoldsARequest();
  const ends: string[] = [];
  gateway.streams.enter({ workspaceId: 'ws_1', keyHash: 'x', end: (why) => ends.push(why) });
  const underWay = get(gateway.port, '/v1/connectors');
  await isUnderWay;
  const stopped = gateway.stop(0);
  expect(ends).toEqual(['temporarily_unavailable']);
  goOn();
  await underWay;
  await stopped;
});
