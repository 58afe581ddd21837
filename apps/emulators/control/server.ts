import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { faultProblem, type Fault } from '../core/faults.js';
import { isLoopbackHost } from '../core/hosts.js';
import type { Org } from '../core/org.js';
import type { App } from '../core/types.js';
import type { World } from '../core/world.js';
import { resetOrgs } from '../seed.js';
import {
  changePassword,
  changePolicy,
  changeRightsOf,
  changeScopes,
  changeUser,
  expire,
  refreshSandbox,
  revoke,
} from './actions.js';
import { ControlError } from './control-error.js';
import { overview } from './overview.js';
import { recordPort } from './records.js';

type Body = Record<string, unknown>;
interface Params {
  app: string;
  org: string;
  object: string;
  id: string;
  username: string;
}
type Asked = FastifyRequest<{ Params: Params }>;

function bodyOf(request: FastifyRequest): Body {
  const body = request.body ?? {};
  if (typeof body !== 'object' || Array.isArray(body)) throw new ControlError(400, 'the body must be a JSON object');
  return body as Body;
}

function addOrgRoutes(server: FastifyInstance, world: World): void {
  const base = '/_emulator/:app/:org';
  const on = (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    work: (org: Org, request: Asked) => unknown,
  ): void => {
    server.route<{ Params: Params }>({
      method,
      url: `${base}${path}`,
      handler: async (request, reply) => {
        const org = world.org(request.params.app, request.params.org);
        if (!org) throw new ControlError(404, `no org ${request.params.app}/${request.params.org}`);
        return reply.send(work(org, request) ?? { ok: true });
      },
    });
  };
  on('GET', '/records/:object', (org, { params }) => ({ records: recordPort(org, params.object).list() }));
  on('POST', '/records/:object', (org, request) => recordPort(org, request.params.object).create(bodyOf(request)));
  on('POST', '/records/:object/bulk', (org, request) => {
    const { records } = bodyOf(request);
    if (!Array.isArray(records)) throw new ControlError(400, 'records must be a list');
    return { planted: recordPort(org, request.params.object).plant(records as Body[]).length };
  });
  on('PATCH', '/records/:object/:id', (org, request) =>
    recordPort(org, request.params.object).update(request.params.id, bodyOf(request)),
  );
  on('DELETE', '/records/:object/:id', (org, { params }) => recordPort(org, params.object).remove(params.id));
  on('POST', '/users/:username/password', (org, request) =>
    changePassword(org, request.params.username, bodyOf(request)),
  );
  on('PATCH', '/users/:username', (org, request) => changeUser(org, request.params.username, bodyOf(request)));
  on('POST', '/revoke', (org, request) => revoke(org, bodyOf(request)));
  on('POST', '/expire-access-tokens', (org, request) => expire(org, bodyOf(request)));
  on('POST', '/refresh-sandbox', (org) => refreshSandbox(org));
  on('GET', '/policy', (org) => org.policy);
  on('PATCH', '/policy', (org, request) => changePolicy(org, bodyOf(request)));
  on('POST', '/scopes', (org, request) => changeScopes(org, bodyOf(request)));
  on('POST', '/rights', (org, request) => changeRightsOf(org, bodyOf(request)));
}

function putClient(world: World, body: Body): Body {
  const { app, clientId, redirectUris } = body;
  if (app !== 'salesforce' && app !== 'zendesk') throw new ControlError(400, 'app must be salesforce or zendesk');
  if (typeof clientId !== 'string' || clientId === '') throw new ControlError(400, 'clientId must be a text');
  const any = redirectUris === undefined || redirectUris === 'any-loopback';
  if (!any && !Array.isArray(redirectUris))
    throw new ControlError(400, "redirectUris must be a list or 'any-loopback'");
  const clientSecret = typeof body.clientSecret === 'string' ? body.clientSecret : null;
  const { clientSecret: _, ...shown } = world.putClient({
    app: app as App,
    org: typeof body.org === 'string' ? body.org : null,
    clientId,
    clientSecret,
    redirectUris: any ? 'any-loopback' : (redirectUris as unknown[]).map(String),
    pkceRequired: body.pkceRequired === true,
    publicClient: body.publicClient === true || clientSecret === null,
    name: typeof body.name === 'string' ? body.name : clientId,
    numericId: 27_411_800_001_000 + world.clients.size,
    createdBy: null,
  });
  return shown as unknown as Body;
}

function addFault(world: World, body: Body): Fault {
  const problem = faultProblem(body);
  if (problem) throw new ControlError(400, problem);
  const {
    app,
    org,
    method,
    path,
    grantType,
    kind,
    status,
    headers,
    body: answer,
    delayMs,
    times,
  } = body as unknown as Fault;
  return world.faults.add({
    app,
    org,
    method,
    path,
    grantType,
    kind,
    status,
    headers,
    body: answer,
    delayMs,
    times: times ?? 1,
  });
}

function addWorldRoutes(server: FastifyInstance, world: World): void {
  server.get('/_emulator', async () => overview(world));
  server.post('/_emulator/clients', async (request) => putClient(world, bodyOf(request)));
  server.post('/_emulator/faults', async (request) => addFault(world, bodyOf(request)));
  server.get('/_emulator/faults', async () => ({ faults: world.faults.all() }));
  server.delete('/_emulator/faults', async () => ({ removed: world.faults.remove() }));
  server.delete<{ Params: Params }>('/_emulator/faults/:id', async (request) => {
    if (!world.faults.remove(request.params.id)) throw new ControlError(404, `no fault ${request.params.id}`);
    return { ok: true };
  });
  server.get('/_emulator/log', async (request) => {
    const { app, org, path, since } = request.query as Record<string, string | undefined>;
    return { entries: world.log.find({ app, org, path, since: since === undefined ? undefined : Number(since) }) };
  });
  server.delete('/_emulator/log', async () => {
    world.log.clear();
    return { ok: true };
  });
  server.get('/_emulator/counts', async () =>
    Object.fromEntries([...world.orgs.keys()].map((key) => [key, world.counters.of(key)])),
  );
  server.delete('/_emulator/counts', async () => {
    world.counters.clear();
    return { ok: true };
  });
  server.get('/_emulator/secrets', async () => ({ secrets: world.secrets.all() }));
  server.post('/_emulator/reset', async (request) => {
    const { app, org } = bodyOf(request);
    return { reset: resetOrgs(world, app as string | undefined, org as string | undefined) };
  });
}

/** For tests and people who make trouble on purpose. On loopback and for nobody who came by another name. */
export async function controlServer(world: World): Promise<FastifyInstance> {
  const server = Fastify({ bodyLimit: 16 * 1_048_576 });
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_, text, done) => {
    try {
      done(null, text === '' ? {} : JSON.parse(String(text)));
    } catch {
      done(new ControlError(400, 'the body is not JSON'), undefined);
    }
  });
  server.addHook('onRequest', async (request) => {
    // A web page elsewhere could make a browser ask us under its own name (DNS rebinding).
    if (!isLoopbackHost(request.headers.host)) throw new ControlError(403, 'ask at 127.0.0.1');
  });
  server.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    const status = error instanceof ControlError ? error.status : (error.statusCode ?? 500);
    if (status >= 500) process.stderr.write(`emulator control: ${error.stack ?? error.message}\n`);
    return reply.code(status).send({ error: error.message });
  });
  addOrgRoutes(server, world);
  addWorldRoutes(server, world);
  return server;
}
