/** How soon a client is back after Temporal was away. */
import { createServer } from 'node:net';
import { connectClient } from './connect-client.js';
import { createPayloadCodec } from './payload-codec.js';
import { generatePayloadKey } from './payload-keyring.js';

/** With gRPC's own growing pauses the ninth dial comes after a minute and more. */
const DIALS = 9;

let over = false;
afterEach(() => void (over = true));

test('dials again every second or two, however long the outage is', async () => {
  let enough: () => void = () => undefined;
  const dialled = new Promise<void>((resolve) => (enough = resolve));
  let dials = 0;
  // Somebody who hangs up at once: every dial fails.
  const server = createServer((socket) => {
    dials += 1;
    socket.destroy();
    if (dials === DIALS) enough();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const codec = createPayloadCodec({ keyring: { keys: [generatePayloadKey()] } });
  const { client, close } = connectClient({ address: `127.0.0.1:${port}`, namespace: 'default' }, codec);
  const asking = (async () => {
    // Calls, as the product makes them: `ensureConnected` remembers its first failure and never dials again.
    const ask = () => client.connection.workflowService.getSystemInfo({});
    while (!over) {
      await client.connection.withDeadline(Date.now() + 1_000, ask).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  await dialled;
  over = true;
  await asking;
  await close();
  await new Promise((resolve) => server.close(resolve));
}, 32_000);
