/** Searches texts for secrets in every form in which they may leak. */

/** The forms of a secret: plain, base64, base64url, hex, URL-encoded, JSON-escaped. */
export function formsOfSecret(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  const forms = [
    secret,
    base64,
    bytes.toString('base64url'),
    bytes.toString('hex'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
  return [...new Set(forms)];
}

/** Which secrets stand in a text, shortened so that a failing test does not print them. */
export function secretsIn(text: string, secrets: string[]): string[] {
  return secrets
    .filter((secret) => secret.length >= 8 && formsOfSecret(secret).some((form) => text.includes(form)))
    .map((secret) => `${secret.slice(0, 4)}… (${secret.length})`);
}
