// A Temporal or MongoDB server of one test file's own, that it may stop, restore and start again at the same port:
// OWN_SERVER = temporal | mongo, OWN_SERVER_DATA = folder, OWN_SERVER_PORT = port.
import { startMongo } from '../../scripts/stack/start-mongo.mjs';
import { startTemporal } from '../../scripts/stack/start-temporal.mjs';
import { TEST_LIMITS } from '../../scripts/stack/test-limits.mjs';

const { OWN_SERVER, OWN_SERVER_DATA, OWN_SERVER_PORT } = process.env;
const wish = { dataDir: OWN_SERVER_DATA, port: Number(OWN_SERVER_PORT), external: null };
const server =
  OWN_SERVER === 'temporal'
    ? await startTemporal({ ...wish, namespace: 'default', dynamicConfig: TEST_LIMITS })
    : await startMongo(wish);
console.log(`READY ${JSON.stringify({ address: server.address ?? server.uri })}`);
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
