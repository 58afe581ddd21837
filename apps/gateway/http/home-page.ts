/** What a person sees who opens the gateway's address in a browser. A program that asks for `/` gets what every unknown path gets. */
import type { FastifyRequest } from 'fastify';
import type { Page } from '../consent/html.js';

/** A browser's first choice is HTML; a client of the API names JSON or takes anything. */
export function asksForHomePage({ method, url, headers }: Pick<FastifyRequest, 'method' | 'url' | 'headers'>): boolean {
  return method === 'GET' && url.split('?', 1)[0] === '/' && /^\s*text\/html\b/i.test(headers.accept ?? '');
}

export const homePage: Page = {
  title: 'This is Hawser',
  body: [
    '<p>It keeps the connections between automations and SaaS apps alive. This address is its API; there is nothing to click here yet.</p>',
    '<dl>',
    '<dt>What it can do, and a way to try it</dt><dd><a href="/docs">/docs</a>, the same for programs: <a href="/openapi.json">/openapi.json</a></dd>',
    '<dt>Whether it is well</dt><dd><a href="/health/ready">/health/ready</a></dd>',
    '<dt>The API key</dt><dd>Printed at the first <code>npm start</code> and kept in <code>api-key.txt</code> of its data folder; <code>npm run workspace -- create --name "My team"</code> makes another.</dd>',
    '<dt>Connections and jobs on a screen</dt><dd>The Temporal Web UI, at the address that <code>npm start</code> prints.</dd>',
    '</dl>',
    '<p class="note">Requests carry <code>Authorization: Bearer hk_…</code>.</p>',
  ].join(''),
};
