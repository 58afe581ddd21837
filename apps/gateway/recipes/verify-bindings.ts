/** Before a start or a rerun: every bound connection is proven once for what is needed of it (AS-09). */
import { HawserError, type ErrorCode } from '#domain/errors.js';
import type { ConnectionView } from '#workflows/connection/messages.js';
import { verifyNow } from '../connections/verify-now.js';
import type { GatewayServices } from '../ports.js';
import { ProblemError } from '../problems/problem-error.js';

/**
 * Verifies side by side, once per connection.
 * @throws The first failure, as one clear reason: 409 with the code of what is wrong, 503 when the app does not answer.
 */
export async function verifyBindings(
  services: GatewayServices,
  views: ReadonlyMap<string, ConnectionView>,
  requirements: ReadonlyMap<string, string[]>,
): Promise<void> {
  const verified = await Promise.all(
    [...requirements].flatMap(([connectionId, keys]) => {
      const view = views.get(connectionId);
      return view ? [verifyNow(services, view, keys).then((after) => ({ before: view, after, keys }))] : [];
    }),
  );
  for (const { before, after, keys } of verified) requireProof(before, after, keys);
}

/** Judges what a verification has shown. */
export function requireProof(before: ConnectionView, after: ConnectionView, keys: readonly string[]): void {
  const { name, proof, reason, verifyTrouble } = after;
  if (after.status !== 'connected' && after.status !== 'degraded') {
    throw refusal(
      reason?.code ?? 'not_connected',
      `The connection "${name}" is not connected (${after.status}).`,
      after.nextStep,
    );
  }
  if (verifyTrouble !== null && verifyTrouble.at !== before.verifyTrouble?.at) {
    throw new HawserError(
      verifyTrouble.code,
      `The connection "${name}" could not be verified: the app gave no proper answer.`,
      verifyTrouble.evidence ? { evidence: verifyTrouble.evidence } : {},
    );
  }
  if (proof !== null && !proof.accepted)
    throw refusal(
      proof.code ?? 'credential_rejected',
      `The app does not accept the credential of "${name}".`,
      after.nextStep,
    );
  const missing = (proof?.missing ?? []).filter(({ requirement }) => keys.includes(requirement));
  if (missing.length === 0) return;
  const texts = missing.map(({ text }) => text).join(' ');
  throw new ProblemError('right_missing', `The connection "${name}" lacks what this recipe needs: ${texts}`, {
    missing,
    cure: 'Give the right at the app, then press Verify or start again.',
  });
}

function refusal(code: ErrorCode, detail: string, cure: string): ProblemError {
  return new ProblemError(code, detail, { cure });
}
