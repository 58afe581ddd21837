import { createHash, randomBytes } from 'node:crypto';

/** Just enough of a browser to walk login and consent by their forms. */
export interface Person {
  username: string;
  password: string;
  decision?: 'allow' | 'deny';
}

const entities: Record<string, string> = { '&quot;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' };

function unescapeHtml(text: string): string {
  return text.replace(/&(quot|#39|lt|gt|amp);/g, (entity) => entities[entity] ?? entity);
}

export function pkcePair(): { verifier: string; challenge: string } {
  const verifier = randomBytes(96).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** Follows redirects and sends forms until the browser would leave for another origin; answers that address. */
export async function walkConsent(start: string, person: Person): Promise<URL> {
  const cookies = new Map<string, string>();
  const ask = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', ...init, headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return response;
  };
  let url = start;
  let response = await ask(url);
  for (let step = 0; step < 10; step += 1) {
    const location = response.headers.get('location');
    if (location !== null) {
      const next = new URL(location, url);
      if (next.origin !== new URL(start).origin) return next;
      url = next.href;
      response = await ask(url);
      continue;
    }
    const html = await response.text();
    const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1];
    if (action === undefined)
      throw new Error(`no form in the page (${response.status}): ${html.replace(/<style.*<\/style>/s, '')}`);
    const body = new URLSearchParams();
    for (const [, name = '', value = ''] of html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) {
      body.set(unescapeHtml(name), unescapeHtml(value));
    }
    if (html.includes('name="password"')) {
      if (html.includes('role="alert"')) throw new Error('the login was refused');
      body.set('username', person.username);
      body.set('password', person.password);
    } else body.set('decision', person.decision ?? 'allow');
    url = new URL(unescapeHtml(action), url).href;
    response = await ask(url, { method: 'POST', body });
  }
  throw new Error('the consent did not end');
}
