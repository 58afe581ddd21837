import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { escapeHtml } from '../core/html-page.js';
import { notesOf } from '../core/request-notes.js';
import { checkPassword } from '../oauth/login-session.js';
import { endAccessToken, liveAccessToken, putAccessToken } from '../oauth/grants.js';
import { orgId } from './ids.js';
import { instanceUrl, type Site } from './site.js';

/** The version in which the SOAP login ends (saas-apis 2.2: API v65, Summer '27). */
const lastLoginVersion = 64;

function envelope(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" xmlns:sf="urn:fault.partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
}

function send(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.code(status).type('text/xml;charset=utf-8').send(envelope(body));
}

/** SOAP errors come with HTTP 500 (saas-apis 2.4). */
function fault(reply: FastifyReply, code: string, message: string): FastifyReply {
  const detail = `<sf:LoginFault xsi:type="sf:LoginFault"><sf:exceptionCode>${code}</sf:exceptionCode><sf:exceptionMessage>${message}</sf:exceptionMessage></sf:LoginFault>`;
  return send(
    reply,
    500,
    `<soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${code}: ${message}</faultstring><detail>${detail}</detail></soapenv:Fault>`,
  );
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<(?:\\w+:)?${name}[^>]*>([\\s\\S]*?)</(?:\\w+:)?${name}>`).exec(xml)?.[1];
  return text?.trim().replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => entities[entity] ?? '');
}

function login(site: Site, request: FastifyRequest, reply: FastifyReply, xml: string, version: string): FastifyReply {
  const user = checkPassword(site.org, element(xml, 'username') ?? '', element(xml, 'password') ?? '');
  if (!user) return fault(reply, 'INVALID_LOGIN', 'Invalid username, password, security token; or user locked out.');
  const access = putAccessToken(site.org, {
    grantId: null,
    clientId: 'soap-login',
    username: user.username,
    scopes: ['full'],
    ttlSeconds: site.org.policy.accessTokenTtlSeconds,
  });
  notesOf(request).username = user.username;
  const base = instanceUrl(site, request);
  const id15 = orgId(site.org).slice(0, 15);
  const info = {
    organizationId: orgId(site.org),
    organizationName: 'Hawser Dev',
    userEmail: user.email,
    userFullName: user.name,
    userId: user.id,
    userLanguage: 'en_US',
    userLocale: 'en_US',
    userName: user.username,
    userTimeZone: 'Europe/Berlin',
    userType: 'Standard',
    sessionSecondsValid: String(site.org.policy.accessTokenTtlSeconds ?? 7_200),
  };
  const rows = Object.entries(info)
    .map(([name, value]) => `<${name}>${escapeHtml(value)}</${name}>`)
    .join('');
  return send(
    reply,
    200,
    `<loginResponse><result><metadataServerUrl>${base}/services/Soap/m/${version}/${id15}</metadataServerUrl><passwordExpired>false</passwordExpired><sandbox>${site.org.name === 'sandbox'}</sandbox><serverUrl>${base}/services/Soap/u/${version}/${id15}</serverUrl><sessionId>${access.token}</sessionId><userId>${user.id}</userId><userInfo>${rows}</userInfo></result></loginResponse>`,
  );
}

/** Of SOAP only the way in and out, for the clients that still begin there. */
export function addSoapRoutes(server: FastifyInstance, site: Site): void {
  server.addContentTypeParser(['text/xml', 'application/soap+xml'], { parseAs: 'string' }, (_, text, done) =>
    done(null, text),
  );
  const handler = async (
    request: FastifyRequest<{ Params: { kind: string; soapVersion: string } }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const xml = typeof request.body === 'string' ? request.body : '';
    const version = request.params.soapVersion;
    if (/<(?:\w+:)?login[\s>]/.test(xml)) {
      if (Number(version) > lastLoginVersion)
        return fault(reply, 'UNSUPPORTED_API_VERSION', 'login() is not available in this version');
      return login(site, request, reply, xml, version);
    }
    const session = element(xml, 'sessionId') ?? '';
    if (!liveAccessToken(site.org, session))
      return fault(reply, 'INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader: Illegal Session');
    if (!/<(?:\w+:)?logout[\s>/]/.test(xml))
      return fault(reply, 'INVALID_OPERATION', 'This emulator knows login and logout only');
    endAccessToken(site.org, session, 'logged out');
    return send(reply, 200, '<logoutResponse/>');
  };
  server.post<{ Params: { kind: string; soapVersion: string } }>('/services/Soap/:kind/:soapVersion', handler);
  server.post<{ Params: { kind: string; soapVersion: string } }>('/services/Soap/:kind/:soapVersion/:org', handler);
}
