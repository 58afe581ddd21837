/** What happens next after a failure, in runs of any age. */
import { errorClass, type ErrorCode, type ErrorClass } from '#domain/errors.js';

/**
 * As `errorClass`. A vault that cannot be reached was once waited for like an operator; it comes back by itself, so it is repeated.
 * Histories of runs without the flag say that they parked.
 */
export const classOf = (code: ErrorCode, { vaultIsRepeated }: { vaultIsRepeated?: boolean }): ErrorClass =>
  code === 'vault_unavailable' && !vaultIsRepeated ? 'wait_for_operator' : errorClass(code);
