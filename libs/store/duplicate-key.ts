/**
 * Whether a driver error says that a unique key exists already. MongoDB: 11000. FerretDB 1.24 answers an update with code 1 and SQLite's
 * text. Neither is asked which key it was: FerretDB does not say (rule 6).
 */
export function isDuplicateKey(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return code === 11000 || (code === 1 && typeof message === 'string' && message.includes('UNIQUE constraint failed'));
}
