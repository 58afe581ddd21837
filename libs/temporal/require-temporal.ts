/** Says in one sentence why Temporal is of no use to us: address, certificate, key, namespace. */
import type { Client } from '@temporalio/client';
import type { TemporalAddress } from './connect-client.js';
import { grpcStatus } from './map-temporal-error.js';
import { isNamespaceUnknown } from './not-found.js';
import { whyTemporalIsAway } from './why-temporal-is-away.js';

const UNAUTHENTICATED = 16;
const PERMISSION_DENIED = 7;
/** How long the namespace is asked for. Patience: a machine that starts everything at once is slow. */
const ASK_MS = 15_000;

/** @throws Error with one sentence, when our namespace cannot be described. */
export async function requireTemporal(client: Client, temporal: TemporalAddress, deadlineMs = ASK_MS): Promise<void> {
  const { namespace } = temporal;
  let timer: NodeJS.Timeout | undefined;
  // The client's own repeats may pause past its deadline, so the clock is ours as well.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs / 1_000} s`)), deadlineMs);
  });
  const asked = client.withDeadline(Date.now() + deadlineMs, () =>
    client.workflowService.describeNamespace({ namespace }),
  );
  try {
    await Promise.race([asked, late]);
  } catch (error) {
    asked.catch(() => undefined);
    throw new Error(await explainTemporal(temporal, error), { cause: error });
  } finally {
    clearTimeout(timer);
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
