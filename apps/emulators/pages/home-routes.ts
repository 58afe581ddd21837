import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { changePassword, changeRightsOf, expire, revoke } from '../control/actions.js';
import { ControlError } from '../control/control-error.js';
import { recordPort } from '../control/records.js';
import { isLoopbackHost, type VendorServer } from '../core/hosts.js';
import type { Org } from '../core/org.js';
import { homePage } from './home-page.js';

type Form = Record<string, string>;

function act(org: Org, form: Form): void {
  const { do: action = '', object = '', id = '', username = '', right = '', value, password, ...rest } = form;
  // An empty field of a form means "no value", not an empty text.
  const values = Object.fromEntries(Object.entries(rest).map(([key, text]) => [key, text === '' ? null : text]));
  if (action === 'add') recordPort(org, object).create(values);
  else if (action === 'change') recordPort(org, object).update(id, values);
  else if (action === 'password') changePassword(org, username, { password });
  else if (action === 'revoke') revoke(org, { username });
  else if (action === 'expire') expire(org, { username });
  else if (action === 'right') changeRightsOf(org, { username, object, [right]: value === 'true' });
  else throw new ControlError(400, `unknown action ${action}`);
}

/** These forms need no login, so they are taken from this very page on this very machine only. */
function isOwnPage(request: FastifyRequest): boolean {
  const origin = request.headers.origin;
  return isLoopbackHost(request.headers.host) && (origin === undefined || origin === `http://${request.headers.host}`);
}

/** The page where a person looks at the emulated app and makes trouble by hand. */
export function addHomeRoutes(server: FastifyInstance, org: Org, vendor: VendorServer): void {
  const show = (reply: FastifyReply, status: number, problem?: string): FastifyReply =>
    reply
      .code(status)
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(homePage(org, vendor.vendorHost, problem));
  server.get('/', async (request, reply) => {
    if (isLoopbackHost(request.headers.host)) return show(reply, 200);
    return reply.code(404).send('This page is shown at its loopback address only.');
  });
  server.post('/_page', async (request, reply) => {
    if (!isOwnPage(request)) return show(reply, 403, 'Only forms of this page are taken.');
    try {
      act(org, request.body as Form);
    } catch (error) {
      if (error instanceof ControlError) return show(reply, error.status, error.message);
      throw error;
    }
    return reply.redirect('/', 303);
  });
}
