/** A Temporal namespace of its own for each test file, on the server that `npm test` has started. */
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import { eventually } from './eventually.js';
import { watchNamespace } from './watched-namespaces.js';

/** The address of the test server. Int tests run by `npm test`, which starts it. */
export function requiredEnv(name: 'HAWSER_TEST_TEMPORAL' | 'HAWSER_TEST_MONGO'): string {
  const value = process.env[name];
  if (!value)
    throw new Error(
      `${name} is not set. Run the tests by \`npm test\` (or \`npm test -- <pattern>\`): it starts Temporal and MongoDB.`,
    );
  return value;
}

const KEYWORD = 2;
const DATETIME = 6;

export async function makeNamespace(address: string, namespace: string): Promise<void> {
  watchNamespace(address, namespace);
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: (30 * 86_400) as never },
    });
    const searchAttributes = Object.fromEntries(
      Object.values(SEARCH_ATTRIBUTE).map((name) => [name, name === SEARCH_ATTRIBUTE.since ? DATETIME : KEYWORD]),
    );
    // A server that has just begun on an empty database knows of the namespace a little later.
    await eventually(
      `the namespace ${namespace}`,
      async () => {
        await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
        return true;
      },
      30_000,
      500,
    );
  } finally {
    await connection.close();
  }
}
