import http2 from 'node:http2';

const SERVICE = 'temporal.api.workflowservice.v1.WorkflowService';
const SERVING = 1;
/** gRPC's statuses "deadline exceeded" and "unavailable". */
const UNAVAILABLE = new Set(['4', '14']);

/**
 * Asks a Temporal frontend whether it serves, by gRPC's health protocol (grpc.health.v1.Health/Check). Spoken by hand,
 * because no package is installed yet when this is needed: one frame of five bytes, then field 1 (the service's name)
 * of the request. `access`: `{ tls, headers }` of temporal-access.mjs; `onFault` hears why it could not be asked.
 */
export function isServing(address, timeoutMs = 2000, { tls, headers = {} } = {}, onFault = () => {}) {
  return new Promise((resolve) => {
    const session = http2.connect(`${tls ? 'https' : 'http'}://${address}`, tls ?? {});
    const end = (answer) => (session.destroy(), clearTimeout(timer), resolve(answer));
    const timer = setTimeout(() => end(false), timeoutMs);
    session.on('error', (error) => (onFault(error.code ?? error.message), end(false)));
    session.on('close', () => end(false));
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    // A server that wants a key, or has no such method, answers by a status: it is there, and what it wants is said later.
    stream.on('response', (fields) => {
      const status = fields['grpc-status'];
      if (headers.authorization && status !== undefined && !UNAVAILABLE.has(String(status))) end(true);
    });
    const chunks = [];
    stream.on('error', () => end(false));
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      const reply = Buffer.concat(chunks);
      end(reply[5] === 0x08 && reply[6] === SERVING); // field 1 of the reply is the status
    });
    const request = Buffer.concat([Buffer.from([0x0a, SERVICE.length]), Buffer.from(SERVICE)]);
    stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, request.length]), request]));
  });
}

export async function waitUntilServing(address, timeoutMs, access, onFault) {
  const until = Date.now() + timeoutMs;
  while (Date.now() < until) {
    if (await isServing(address, 2000, access, onFault)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
