/** What the worker knows of the stack's own servers. `g36` */
import { readWorkerConfig } from './worker-config.js';

test('g36: each server that a setting names is known, and the defaults of the embedded stack', () => {
  const { ownServers } = readWorkerConfig({
    TEMPORAL_ADDRESS: 'temporal:7999',
    TEMPORAL_UI_ORIGIN: 'http://ui.example:8080',
    MONGODB_URI: 'mongodb://user:p%40ss@mongo-1:27111,[fd12::5],mongo-3/hawser?replicaSet=rs0',
    HAWSER_PUBLIC_URL: 'https://hawser.example',
    HAWSER_GATEWAY_PORT: '3300',
    HAWSER_CODEC_PORT: '8299',
    HAWSER_OWN_ADDRESSES: 'gateway-1:3000, postgres:5432',
  });
  expect(ownServers.map(({ host, port }) => `${host}:${port}`)).toEqual(
    expect.arrayContaining([
      ...['temporal:7999', 'ui.example:8080', 'mongo-1:27111', '[fd12::5]:27017', 'mongo-3:27017'],
      ...['hawser.example:443', '127.0.0.1:3300', '127.0.0.1:8299', 'gateway-1:3000', 'postgres:5432'],
      ...['127.0.0.1:7233', '127.0.0.1:8233', '127.0.0.1:8234', '127.0.0.1:27317', '127.0.0.1:3000'],
    ]),
  );
});

test('g36: a Unix socket is no address, and an entry without its port is refused at boot', () => {
  expect(() => readWorkerConfig({ MONGODB_URI: 'mongodb://%2Ftmp%2Fmongo.sock/hawser' })).not.toThrow();
  expect(() => readWorkerConfig({ HAWSER_OWN_ADDRESSES: 'postgres' })).toThrow(/HAWSER_OWN_ADDRESSES.*postgres/);
  expect(() => readWorkerConfig({ HAWSER_ALLOW_PRIVATE_ADDRESSES: 'true' })).toThrow('no longer taken');
});
