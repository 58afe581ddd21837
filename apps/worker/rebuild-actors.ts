/**
 * `node dist/apps/worker/rebuild-actors.js [--only-missing]`: starts every connection actor again that is lost, or (without
 * `--only-missing`) older than its projection. Prints a line for each that it rebuilt or could not judge, and at the end, for
 * programs, `REBUILT {"rebuilt": …, "running": …, "deleted": …, "unknown": …}`. Running it again is harmless.
 */
import { parseArgs } from 'node:util';
import { connectStore, type Store } from '#store/connect-store.js';
import { connectClient } from '#temporal/connect-client.js';
import { localPayloadCodec } from '#temporal/data-converter.js';
import { readWorkerConfig } from './config/worker-config.js';
import { rebuildActor, type RebuildOutcome } from './rebuild/rebuild-actor.js';

const PAGE = 100;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { 'only-missing': { type: 'boolean', default: false } } });
  const config = readWorkerConfig(process.env);
  const store = await connectStore({ uri: config.mongoUri });
  const { client, close } = connectClient(config.temporal, localPayloadCodec({ dataDir: config.dataDir }));
  const counts: Record<RebuildOutcome, number> = { rebuilt: 0, running: 0, deleted: 0, unknown: 0 };
  try {
    for await (const document of documentsOf(store)) {
      const outcome = await rebuildActor({ client, store, document, onlyMissing: values['only-missing'] });
      counts[outcome] += 1;
      if (outcome === 'rebuilt') console.log(`${document._id} (${document.app}): started again from revision ${document.revision} of generation ${document.generation}.`);
      if (outcome === 'unknown') console.log(`${document._id} (${document.app}): runs but does not answer. Is a worker running? Then repeat.`);
    }
    console.log(`REBUILT ${JSON.stringify(counts)}`);
  } finally {
    await close();
    await store.close();
  }
}

async function* documentsOf(store: Store) {
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Store['connections']['listForRebuild']>> = await store.connections.listForRebuild({ limit: PAGE, after });
    yield* page.items;
    after = page.nextCursor;
  } while (after !== null);
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
