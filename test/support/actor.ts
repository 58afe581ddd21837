/** The connection actor as a Temporal client sees it, for tests that go around the gateway. */
import type { Client } from '@temporalio/client';
import { connectClient } from '#temporal/connect-client.js';
import { localPayloadCodec } from '#temporal/data-converter.js';
import type { BorrowedHawser } from './start-hawser.js';

/** A client on the test's namespace, with its payload key. Close it after the test. */
export function temporalOf(hawser: BorrowedHawser): { client: Client; close(): Promise<void> } {
  return connectClient(
    { address: hawser.temporalAddress, namespace: hawser.namespace },
    localPayloadCodec({ dataDir: hawser.dataDir }),
  );
}

/** The handle of a connection's actor; the workspace is found by visibility. */
export async function actorOf(client: Client, connectionId: string) {
  for await (const execution of client.workflow.list({ query: `WorkflowType = 'connectionWorkflow'` })) {
    if (execution.workflowId.endsWith(`/${connectionId}`)) return client.workflow.getHandle(execution.workflowId);
  }
  throw new Error(`No actor of ${connectionId}.`);
}
