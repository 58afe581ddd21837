import type { SecretList } from './secret-list.js';

const secretNames = new Set([
  'access_token',
  'assertion',
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'password',
  'refresh_token',
  'token',
]);
const longest = 4_000;

/** The value as the log may keep it: no secret by name, none by value. */
export function redacted(value: unknown, secrets: SecretList, depth = 0): unknown {
  if (typeof value === 'string') return secrets.has(value) ? '[secret]' : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 20) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, 500).map((item) => redacted(item, secrets, depth + 1));
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    out[key] = secretNames.has(key) && typeof item === 'string' ? '[secret]' : redacted(item, secrets, depth + 1);
  }
  return out;
}

export function forLog(value: unknown, secrets: SecretList): unknown {
  if (value === undefined || value === null) return null;
  const safe = redacted(value, secrets);
  const text = JSON.stringify(safe);
  return text.length > longest ? `${text.slice(0, longest)}…` : safe;
}
