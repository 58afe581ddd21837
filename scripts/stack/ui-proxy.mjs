/**
 * The one door to the Temporal Web UI and its codec endpoint: both at the same origin, behind an HttpOnly cookie that a person gets for a
 * code from a file of the data folder. The codec endpoint itself listens on a socket in a private folder.
 */
import http from 'node:http';
import { createUiSession } from './ui-session.mjs';

const HOST = '127.0.0.1';
const COOKIE = 'hawser_ui';
const ENTER = '/_hawser/enter';
export const CODEC_PATH = '/_hawser/codec';
const MAX_FORM = 1_000;

/** @returns `{ url, codeFile, stop }`. `uiPort`: the Web UI's own; `codecSocket`: where the worker decodes. */
export async function startUiProxy({ dataDir, port, uiPort, codecSocket }) {
  const session = createUiSession(dataDir);
  const server = http.createServer((request, response) => {
    answer(request, response).catch(() => refuse(response, 502, 'The Temporal Web UI does not answer.'));
  });
  server.headersTimeout = 5_000;
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, HOST, resolve));
  const { port: taken } = server.address();
  const origin = `http://${HOST}:${taken}`;

  async function answer(request, response) {
    const { host = '', origin: from, cookie = '' } = request.headers;
    // One name: the cookie belongs to it. A rebound name would carry its own (DNS rebinding).
    if (host === `localhost:${taken}`)
      return void response.writeHead(307, { location: `${origin}${request.url}` }).end();
    if (host !== `${HOST}:${taken}`) return refuse(response, 421, 'This host is not served here.');
    if (from !== undefined && from !== origin) return refuse(response, 403, 'This origin may not ask.');
    const path = request.url.split('?')[0];
    if (path === ENTER) return enter(request, response);
    if (!session.knows(cookieOf(cookie))) return strange(request, response);
    const target = path.startsWith(`${CODEC_PATH}/`)
      ? { socketPath: codecSocket, path: request.url.slice(CODEC_PATH.length) }
      : { host: HOST, port: uiPort, path: request.url };
    return forward(request, response, target);
  }

  async function enter(request, response) {
    if (request.method === 'GET') return page(response, 200, form(session.codeFile));
    if (request.method !== 'POST') return refuse(response, 405, 'GET or POST.');
    const granted = session.enter(new URLSearchParams(await bodyOf(request)).get('code') ?? '');
    if (granted === null) return page(response, 403, form(session.codeFile, 'That code is wrong or used up.'));
    const flags = 'Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000';
    return void response.writeHead(303, { location: '/', 'set-cookie': `${COOKIE}=${granted}; ${flags}` }).end();
  }

  return {
    url: origin,
    codeFile: session.codeFile,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** A browser is led to the page; a program is refused. */
function strange(request, response) {
  if (request.method === 'GET' && /text\/html/.test(request.headers.accept ?? ''))
    return void response.writeHead(303, { location: ENTER }).end();
  return refuse(response, 401, `Open ${ENTER} in a browser first.`);
}

function forward(request, response, target) {
  const { cookie, ...headers } = request.headers;
  const others = (cookie ?? '').split(/;\s*/).filter((one) => one !== '' && !one.startsWith(`${COOKIE}=`));
  return new Promise((resolve, reject) => {
    const onward = http.request(
      {
        ...target,
        method: request.method,
        headers: { ...headers, ...(others.length > 0 && { cookie: others.join('; ') }) },
      },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
        answer.once('end', resolve).once('error', reject);
      },
    );
    onward.once('error', reject);
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  });
}

const cookieOf = (header) =>
  header
    .split(/;\s*/)
    .find((one) => one.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1) ?? '';

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) if ((text += chunk).length > MAX_FORM) break;
  return text;
}

function refuse(response, status, text) {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${text}\n`);
}

function page(response, status, body) {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
  });
  response.end(body);
}

const escaped = (text) => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

const form = (file, trouble = '') => `<!doctype html><html lang="en"><title>Temporal Web UI of Hawser</title>
<h1>Temporal Web UI</h1>${trouble && `<p role="alert">${escaped(trouble)}</p>`}
<p>It shows what Temporal keeps, decoded. The code for this browser stands in <code>${escaped(file)}</code>; it is good once.</p>
<form method="post" action="${ENTER}"><label>Code <input name="code" type="password" autocomplete="off" autofocus required></label> <button>Open</button></form></html>`;
