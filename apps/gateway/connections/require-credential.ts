import type { ConnectionView } from '#workflows/connection/messages.js';
import { ProblemError } from '../problems/problem-error.js';

/** 409 when there is no credential that could be proven or renewed: the actor would do nothing, and the caller should know why. */
export function requireCredential(view: ConnectionView, what: string): void {
  if (view.version > 0) return;
  const code = view.reason?.code ?? 'never_authorized';
  throw new ProblemError(
    code,
    `The connection "${view.name}" has no credential (${view.status}), so there is nothing to ${what}.`,
    { cure: view.nextStep },
  );
}
