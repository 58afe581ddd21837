/** Everything that Temporal keeps of a namespace: raw bytes, and every payload decoded by our own codec. */
import { Connection } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { localPayloadCodec } from '#temporal/data-converter.js';

/** Histories and descriptions of all executions, open and closed: as raw text, and as the text of each decoded payload. */
export async function everythingInTemporal(
  address: string,
  namespace: string,
  dataDir: string,
): Promise<{ raw: string; decoded: string; payloads: number }> {
  const connection = await Connection.connect({ address });
  const codec = localPayloadCodec({ dataDir });
  const raw: string[] = [];
  const decoded: string[] = [];
  try {
    for await (const execution of executions(connection, namespace)) {
      raw.push(latin1(temporal.api.workflow.v1.WorkflowExecutionInfo.encode(execution).finish()));
      decoded.push(...(await decodeAll(codec, execution)));
      for await (const history of histories(connection, namespace, execution.execution ?? {})) {
        raw.push(latin1(temporal.api.history.v1.History.encode(history).finish()));
        decoded.push(...(await decodeAll(codec, history)));
      }
    }
  } finally {
    await connection.close();
  }
  return { raw: raw.join('\n'), decoded: decoded.join('\n'), payloads: decoded.length };
}

async function* executions(connection: Connection, namespace: string) {
  let nextPageToken: Uint8Array | null | undefined;
  do {
    const page = await connection.workflowService.listWorkflowExecutions({
      namespace,
      pageSize: 200,
      nextPageToken: nextPageToken ?? null,
    });
    yield* page.executions ?? [];
    nextPageToken = page.nextPageToken;
  } while (nextPageToken?.length);
}

async function* histories(
  connection: Connection,
  namespace: string,
  execution: { workflowId?: string | null; runId?: string | null },
) {
  let nextPageToken: Uint8Array | null | undefined;
  do {
    const part = await connection.workflowService.getWorkflowExecutionHistory({
      namespace,
      execution,
      nextPageToken: nextPageToken ?? null,
    });
    if (part.history) yield part.history;
    nextPageToken = part.nextPageToken;
  } while (nextPageToken?.length);
}

/** Finds every payload anywhere in a message and decodes it. */
async function decodeAll(codec: PayloadCodec, message: unknown): Promise<string[]> {
  const found: Payload[] = [];
  const walk = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return;
    const payload = value as Payload;
    if (payload.metadata && payload.data instanceof Uint8Array) found.push(payload);
    for (const child of Object.values(value)) walk(child);
  };
  walk(message);
  return (await codec.decode(found)).map((payload) => Buffer.from(payload.data ?? []).toString('utf8'));
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
