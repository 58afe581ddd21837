/** Has the actor prove the credential now, once for these requirements. */
import { createHash } from 'node:crypto';
import { verifyUpdate, type ConnectionView } from '#workflows/connection/messages.js';
import type { GatewayServices } from '../ports.js';
import { updateConnection } from './connection-update.js';

/** `seen` is the view before: its proof and its trouble name the round, so that a recorded outcome is never replayed to a later press. */
export function verifyNow(
  services: GatewayServices,
  seen: ConnectionView,
  requirements: string[],
): Promise<ConnectionView> {
  const { workspaceId, connectionId, proofCount, verifyTrouble } = seen;
  const digest = createHash('sha256').update(requirements.join('\n')).digest('hex').slice(0, 8);
  return updateConnection(services, workspaceId, connectionId, {
    update: verifyUpdate,
    args: [{ by: 'person', seenProof: proofCount, requirements }],
    updateId: `verify:${proofCount}.${verifyTrouble?.at ?? 0}.${digest}`,
  });
}
