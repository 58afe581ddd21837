import { Client, Connection } from '@temporalio/client';

/** The reason that tells a run which was ended here from one that Temporal ended. */
export const ENDED_BY_TESTS = 'the test file has ended';

const LOOKS_MAX = 60;
const BETWEEN_LOOKS_MS = 250;

/** Terminates every open run of a namespace. Visibility lags: only two empty looks in a row count. */
export async function endOpenRuns(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace });
    for (let look = 0, empty = 0; look < LOOKS_MAX && empty < 2; look += 1) {
      let found = 0;
      for await (const { workflowId, runId } of client.workflow.list({ query: 'ExecutionStatus = "Running"' })) {
        found += 1;
        // It may end by itself in this very moment.
        await client.workflow
          .getHandle(workflowId, runId)
          .terminate(ENDED_BY_TESTS)
          .catch(() => {});
      }
      empty = found === 0 ? empty + 1 : 0;
      await new Promise((passed) => setTimeout(passed, BETWEEN_LOOKS_MS));
    }
  } finally {
    await connection.close();
  }
}
