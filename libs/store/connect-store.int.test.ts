import { createServer, type AddressInfo } from 'node:net';
import { connectStore } from './connect-store.js';
import { openTestStore } from './testing/test-store.js';

/** A port where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('connecting', () => {
  it('answers ping, and says no after close without throwing', async () => {
    const { store } = await openTestStore();
    await expect(store.ping()).resolves.toBe(true);
    await store.close();
    await expect(store.ping()).resolves.toBe(false);
  });

  it.each(['', 'http://x', 'mongodb://', 'localhost:27017'])('to %j fails with one line', async (uri) => {
    await expect(connectStore({ uri })).rejects.toThrow(/^MONGODB_URI is not a MongoDB address[^\n]+$/);
  });

  it('where nobody listens fails with one line, without the password', async () => {
    const port = await deadPort();
    const failure = connectStore({ uri: `mongodb://user:planted-password@127.0.0.1:${port}/x` });
    await expect(failure).rejects.toThrow(
      `MongoDB at 127.0.0.1:${port} does not answer. Start it, or correct MONGODB_URI.`,
    );
  }, 15_000);

  it('that is lost later makes operations fail with a code', async () => {
    const { store } = await openTestStore();
    await store.close();
    await expect(store.credentials.get('ws_1', 'con_1', 1)).rejects.toMatchObject({ code: 'vault_unavailable' });
    await expect(store.connections.get('ws_1', 'con_1')).rejects.toMatchObject({ code: 'temporarily_unavailable' });
  });
});
