/** What must not grow with time: histories, and what the store keeps of a connection. */
import type { Client } from '@temporalio/client';
import type { Connection as Mongo } from 'mongoose';

export interface Measured {
  /** Runs that the server ended, by force or by time. */
  ended: number;
  mostEvents: number;
  /** Bytes of JSON of the largest document. */
  largest: number;
  /** Documents of the connection that has most: credentials, intents, attempts under way. */
  perConnection: number;
}

const OF_CONNECTIONS = ['credentials', 'intents', 'attempts'];

export async function measureLife(client: Client, mongo: Mongo, namespace: string): Promise<Measured> {
  const query = "ExecutionStatus = 'Terminated' OR ExecutionStatus = 'TimedOut'";
  const { count } = await client.connection.workflowService.countWorkflowExecutions({ namespace, query });
  return { ended: Number(count), mostEvents: await mostEvents(client), ...(await storeOf(mongo)) };
}

async function mostEvents(client: Client): Promise<number> {
  let most = 0;
  for await (const { historyLength } of client.workflow.list()) most = Math.max(most, historyLength);
  // Visibility knows the length of a run that goes on only roughly.
  for await (const { workflowId } of client.workflow.list({ query: "ExecutionStatus = 'Running'" }))
    most = Math.max(most, (await client.workflow.getHandle(workflowId).describe()).historyLength);
  return most;
}

async function storeOf(mongo: Mongo): Promise<Pick<Measured, 'largest' | 'perConnection'>> {
  const counts = new Map<string, number>();
  let largest = 0;
  for (const { name } of await mongo.listCollections()) {
    const documents = await mongo.collection(name).find().toArray();
    for (const document of documents) {
      largest = Math.max(largest, Buffer.byteLength(JSON.stringify(document)));
      const connectionId = String(document['connectionId']);
      if (OF_CONNECTIONS.includes(name)) counts.set(connectionId, (counts.get(connectionId) ?? 0) + 1);
    }
  }
  return { largest, perConnection: Math.max(0, ...counts.values()) };
}
