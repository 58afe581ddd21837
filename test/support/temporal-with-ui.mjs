// A Temporal server with its Web UI for one test file, started as `npm start` starts it: `node … <data folder>`.
import { startTemporal } from '../../scripts/stack/start-temporal.mjs';
import { TEST_LIMITS } from '../../scripts/stack/test-limits.mjs';

const server = await startTemporal({
  dataDir: process.argv[2] ?? process.env.TEMPORAL_TEST_DATA,
  namespace: 'default',
  dynamicConfig: TEST_LIMITS,
  external: null,
});
console.log(`READY ${JSON.stringify({ address: server.address, uiUrl: server.uiUrl })}`);
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
