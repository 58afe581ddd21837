/**
 * Lends running Hawsers to test files, each to one at a time: `POST /borrow {kind}` answers a loan, `POST /return {lane}` ends it,
 * `POST /workspace {lane, name}` makes a further API key. Started by `npm test`; prints `READY <address>`.
 * HAWSER_TEST_LANES: how many plain ones are started beforehand.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KINDS, type Kind } from './lane.js';
import { Lanes } from './lanes.js';

const lanes = new Lanes();

async function answer(path: string, body: any): Promise<unknown> {
  if (path === '/borrow' && body.kind in KINDS) return lanes.borrow(body.kind as Kind);
  if (path === '/return') return lanes.giveBack(String(body.lane));
  if (path === '/workspace') return { key: await lanes.lent(String(body.lane)).workspaceKey(String(body.name)) };
  throw new Error(`Nothing is known of ${path} ${JSON.stringify(body)}`);
}

const server = createServer((request, response) => {
  bodyOf(request)
    .then((body) => answer(request.url ?? '', body))
    .then(
      (found) => response.end(JSON.stringify(found ?? {})),
      (error: Error) => response.writeHead(500).end(error.stack ?? String(error)),
    );
});
server.listen(0, '127.0.0.1', () => {
  console.log(`READY http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  lanes.prepare('plain', Number(process.env['HAWSER_TEST_LANES'] ?? 0));
});

process.once('SIGTERM', () => {
  server.close();
  void lanes.stop().then(() => process.exit(0));
});

async function bodyOf(request: IncomingMessage): Promise<any> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text || '{}');
}
