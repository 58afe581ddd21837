/** Says in one sentence why Temporal is of no use to us: address, certificate, key, namespace. */
import type { Client } from '@temporalio/client';
import type { TemporalAddress } from './connect-client.js';
import { grpcStatus } from './map-temporal-error.js';
import { isNamespaceUnknown } from './not-found.js';
import { whyTemporalIsAway } from './why-temporal-is-away.js';

const UNAUTHENTICATED = 16;
const PERMISSION_DENIED = 7;
/** How long the namespace is asked for; the client's own repeats may take a few seconds more. */
const ASK_MS = 10_000;

/** @throws Error with one sentence, when no Temporal can be reached there. Takes 10 s at most. */
export async function requireReachable(temporal: TemporalAddress): Promise<void> {
  const away = await whyTemporalIsAway(temporal);
  if (away !== null) throw new Error(away);
}

/**
 * First by a dial of our own: a client that cannot connect repeats until its deadline, and knows no more then.
 * @throws Error with one sentence, when our namespace cannot be described.
 */
export async function requireTemporal(client: Client, temporal: TemporalAddress): Promise<void> {
  await requireReachable(temporal);
  const { namespace } = temporal;
  try {
    await client.withDeadline(Date.now() + ASK_MS, () => client.workflowService.describeNamespace({ namespace }));
  } catch (error) {
    throw new Error(await explainTemporal(temporal, error), { cause: error });
  }
}

/** One sentence for a failure of a call, or of a connection. It holds no key. */
export async function explainTemporal(temporal: TemporalAddress, error: unknown): Promise<string> {
  const { address, namespace, apiKey } = temporal;
  if (isNamespaceUnknown(error))
    return `TEMPORAL_NAMESPACE is "${namespace}", and Temporal at ${address} has no such namespace. Make it, or correct the setting.`;
  const status = grpcStatus(error)?.code;
  if (
    status === UNAUTHENTICATED ||
    status === PERMISSION_DENIED ||
    /Unauthenticated|PermissionDenied/.test(String(error))
  )
    return `Temporal at ${address} does not let us into the namespace "${namespace}". ${apiKey ? 'Is TEMPORAL_API_KEY right, and for this namespace?' : 'Set TEMPORAL_API_KEY, or a client certificate.'}`;
  return (
    (await whyTemporalIsAway(temporal)) ??
    `Temporal at ${address} does not answer as it should: ${(error as Error).message}`
  );
}
