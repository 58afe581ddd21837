/** Pages of the consent: plain HTML, everything escaped, a strict Content-Security-Policy with a nonce. */
import { randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

/** A text as a JavaScript literal inside a script element. */
export const scriptLiteral = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

export interface Page {
  title: string;
  /** Already escaped. */
  body: string;
  script?: string;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.5rem;color:#1d2733;background:#f6f7f9}
main{background:#fff;border:1px solid #dde2e8;border-radius:12px;padding:2rem}h1{font-size:1.35rem;margin:0 0 1rem}dt{color:#66727f;font-size:.85rem}dd{margin:0 0 .75rem}
button{font:inherit;font-weight:600;color:#fff;background:#14506e;border:0;border-radius:8px;padding:.7rem 1.4rem;cursor:pointer}.note{color:#66727f;font-size:.9rem}`;

export function sendPage(reply: FastifyReply, status: number, page: Page): void {
  const nonce = randomBytes(16).toString('base64');
  const script = page.script === undefined ? '' : `<script nonce="${nonce}">${page.script}</script>`;
  void reply
    .code(status)
    .headers({
      // No `form-action`: browsers apply it to the redirects after the form as well, and an app may lead through several hosts of its own.
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; frame-ancestors 'none'; base-uri 'none'`,
      // The form's Origin header is compared; under `no-referrer` a browser would send "null".
      'referrer-policy': 'same-origin',
    })
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${escapeHtml(page.title)}</title><style nonce="${nonce}">${STYLE}</style></head><body><main><h1>${escapeHtml(page.title)}</h1>${page.body}</main>${script}</body></html>`,
    );
}
