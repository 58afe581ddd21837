// `node serve.mjs temporal|mongo <data folder> <port>`: one server as `npm start` runs it.
import { startMongo } from '../../../scripts/stack/start-mongo.mjs';
import { startTemporal } from '../../../scripts/stack/start-temporal.mjs';

const [kind, dataDir, port] = process.argv.slice(2);
const start = kind === 'temporal' ? startTemporal : startMongo;
const server = await start({ dataDir, port: Number(port), namespace: 'default', external: null });
console.log(`READY ${JSON.stringify({ address: server.address ?? server.uri, serverPid: server.pid })}`);
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
