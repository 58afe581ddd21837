import http2 from 'node:http2';

const SERVICE = 'temporal.api.workflowservice.v1.WorkflowService';
const SERVING = 1;

/**
 * Asks a Temporal frontend whether it serves, by gRPC's health protocol (grpc.health.v1.Health/Check). Spoken by hand,
 * because no package is installed yet when this is needed: one frame of five bytes, then field 1 (the service's name)
 * of the request.
 */
export function isServing(address, timeoutMs = 2000) {
  return new Promise((resolve) => {
    const session = http2.connect(`http://${address}`);
    const end = (answer) => (session.destroy(), clearTimeout(timer), resolve(answer));
    const timer = setTimeout(() => end(false), timeoutMs);
    session.on('error', () => end(false));
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
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

export async function waitUntilServing(address, timeoutMs) {
  const until = Date.now() + timeoutMs;
  while (Date.now() < until) {
    if (await isServing(address)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
