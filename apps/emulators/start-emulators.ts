import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { controlServer } from './control/server.js';
import { listen, type Listener } from './core/http-listener.js';
import {
  hostName,
  serverFor,
  vendorServers,
  type Addresses,
  type Ports,
  type ServerName,
  type VendorServer,
} from './core/hosts.js';
import { htmlPage } from './core/html-page.js';
import { Org } from './core/org.js';
import type { App } from './core/types.js';
import { World } from './core/world.js';
import { salesforceServer } from './salesforce/server.js';
import { addHomeRoutes } from './pages/home-routes.js';
import { prepareWorld } from './seed.js';
import { zendeskServer } from './zendesk/server.js';

export interface Emulators {
  addresses: Addresses;
  stop(): Promise<void>;
}

export interface EmulatorOptions {
  /** Folder of the data; made when missing. */
  dataDir: string;
  /** 0 or missing: any free port. */
  ports?: Ports;
}

const orgNames: [App, string][] = [
  ['salesforce', 'production'],
  ['salesforce', 'sandbox'],
  ['zendesk', 'acme'],
  ['zendesk', 'acme-sandbox'],
];

/** The world and one server per vendor host, not yet listening: tests inject into these. */
export async function buildEmulators(
  dataDir: string,
): Promise<{ world: World; servers: Map<ServerName, FastifyInstance>; control: FastifyInstance }> {
  const world = new World(dataDir);
  for (const [app, name] of orgNames) world.orgs.set(`${app}/${name}`, new Org(app, name, dataDir, world.secrets));
  prepareWorld(world);
  const servers = new Map<ServerName, FastifyInstance>();
  for (const server of vendorServers) {
    const org = world.org(server.app, server.org);
    if (!org) continue;
    const site = { world, org, server };
    const fastify = server.app === 'salesforce' ? await salesforceServer(site) : await zendeskServer(site);
    addHomeRoutes(fastify, org, server);
    servers.set(server.name, fastify);
  }
  const control = await controlServer(world);
  for (const one of [...servers.values(), control]) await one.ready();
  return { world, servers, control };
}

function unknownHost(response: ServerResponse, name: string): void {
  // An unknown subdomain is a wrong address, not a revoked grant (saas-apis 3.4).
  response.writeHead(404, { 'content-type': 'text/html; charset=utf-8' });
  response.end(
    htmlPage(
      'No help desk found',
      `<h1>Oops, this page no longer exists</h1><p>There is no site at ${name.replace(/[^a-z0-9.-]/g, '')}.</p>`,
      true,
    ),
  );
}

export async function startEmulators(options: EmulatorOptions): Promise<Emulators> {
  const { world, servers, control } = await buildEmulators(options.dataDir);
  const listeners: Listener[] = [];
  const open = async (
    name: ServerName | 'control',
    answer: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<void> => {
    const listener = await listen(options.ports?.[name] ?? 0, answer);
    listeners.push(listener);
    world.addresses[name] = `http://127.0.0.1:${listener.port}`;
  };
  const answerAt =
    (atPort: VendorServer) =>
    (request: IncomingMessage, response: ServerResponse): void => {
      const server = serverFor(request.headers.host, atPort);
      const fastify = server && servers.get(server.name);
      if (fastify) fastify.routing(request, response);
      else unknownHost(response, hostName(request.headers.host));
    };
  try {
    await open('control', (request, response) => control.routing(request, response));
    for (const server of vendorServers) await open(server.name, answerAt(server));
  } catch (error) {
    for (const listener of listeners) await listener.close();
    throw error;
  }
  return {
    addresses: world.addresses,
    stop: async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
      await Promise.all([...servers.values(), control].map((server) => server.close()));
      world.flush();
    },
  };
}
