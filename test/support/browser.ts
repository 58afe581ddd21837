/** A browser as far as a consent needs one: cookies per origin, redirects, plain HTML forms. No JavaScript. */
import { request } from 'undici';

export interface Page {
  url: string;
  status: number;
  html: string;
}

interface Form {
  action: string;
  method: string;
  fields: Record<string, string>;
  buttons: { name: string; value: string; text: string }[];
}

const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  return found ? unescapeHtml(found[1] ?? found[2] ?? found[3] ?? '') : undefined;
};

const unescapeHtml = (text: string): string =>
  text
    .replace(/&quot;/g, '"')
    .replace(/&#39;|&#x27;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

/** The forms of a page, in order. */
export function formsOf(page: Page): Form[] {
  return [...page.html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, head = '', body = '']) => {
    const fields: Record<string, string> = {};
    for (const [tag] of body.matchAll(/<input\b[^>]*>/gi)) {
      const name = attribute(tag, 'name');
      const type = attribute(tag, 'type') ?? 'text';
      if (name && type !== 'submit' && type !== 'button') fields[name] = attribute(tag, 'value') ?? '';
    }
    const buttons = [...body.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/gi)].map(([, tag = '', text = '']) => ({
      name: attribute(tag, 'name') ?? '',
      value: attribute(tag, 'value') ?? '',
      text: text.trim(),
    }));
    return {
      action: attribute(head, 'action') ?? page.url,
      method: (attribute(head, 'method') ?? 'get').toLowerCase(),
      fields,
      buttons,
    };
  });
}

/** Path and Max-Age of RFC 6265 section 5.2; other attributes do not matter here. */
interface Cookie {
  value: string;
  path: string;
  /** Epoch milliseconds. */
  until: number;
}

function cookieOf(line: string): [name: string, cookie: Cookie] {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const valueOf = (name: string) =>
    attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
  const maxAge = valueOf('max-age');
  const until = maxAge === undefined ? Infinity : Date.now() + Number(maxAge) * 1_000;
  return [
    pair.slice(0, pair.indexOf('=')),
    { value: pair.slice(pair.indexOf('=') + 1), path: valueOf('path') ?? '/', until },
  ];
}

export class Browser {
  /** Origin -> cookie name -> cookie. */
  private readonly cookies = new Map<string, Map<string, Cookie>>();
  /** Every address that was visited, in order. */
  readonly visited: string[] = [];

  async open(url: string): Promise<Page> {
    return this.go('GET', url);
  }

  /** Submits the first form of a page with these values; `button` is `name=value` of the pressed one. */
  async submit(
    page: Page,
    values: Record<string, string> = {},
    button?: { name: string; value: string },
  ): Promise<Page> {
    const form = formsOf(page)[0];
    if (!form) throw new Error(`No form on ${page.url} (${page.status}): ${page.html.slice(0, 500)}`);
    const fields = { ...form.fields, ...values, ...(button ? { [button.name]: button.value } : {}) };
    const action = new URL(form.action, page.url);
    if (form.method === 'get') {
      for (const [name, value] of Object.entries(fields)) action.searchParams.set(name, value);
      return this.go('GET', action.href);
    }
    return this.go('POST', action.href, new URLSearchParams(fields).toString());
  }

  /** The Cookie header that goes to an address; empty = none. */
  cookieFor(url: string): string {
    return this.sent(url)
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  }

  /** How long the cookies that go to an address live on at most, in seconds. */
  cookieSeconds(url: string): number {
    return (Math.max(...this.sent(url).map(([, { until }]) => until)) - Date.now()) / 1_000;
  }

  private sent(url: string): [string, Cookie][] {
    const { origin, pathname } = new URL(url);
    return [...(this.cookies.get(origin) ?? [])].filter(
      ([, { path, until }]) => pathname.startsWith(path) && until > Date.now(),
    );
  }

  /** One request, redirects not followed. */
  async fetchOnce(
    method: string,
    url: string,
    body?: string,
  ): Promise<{ status: number; location: string | null; html: string }> {
    const { origin } = new URL(url);
    const jar = this.cookies.get(origin) ?? new Map<string, Cookie>();
    this.cookies.set(origin, jar);
    const cookie = this.cookieFor(url);
    this.visited.push(url);
    const response = await request(url, {
      method: method as 'GET',
      headers: {
        accept: 'text/html',
        'user-agent': 'test-browser',
        ...(cookie && { cookie }),
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded', origin }),
      },
      ...(body !== undefined && { body }),
    });
    for (const line of [response.headers['set-cookie'] ?? []].flat()) {
      jar.set(...cookieOf(line));
    }
    const location = response.headers.location;
    return {
      status: response.statusCode,
      location: typeof location === 'string' ? location : null,
      html: await response.body.text(),
    };
  }

  private async go(method: string, url: string, body?: string): Promise<Page> {
    let current = { method, url, body };
    for (let hops = 0; hops < 15; hops += 1) {
      const answer = await this.fetchOnce(current.method, current.url, current.body);
      if (answer.status < 300 || answer.status >= 400 || answer.location === null) {
        return { url: current.url, status: answer.status, html: answer.html };
      }
      current = { method: 'GET', url: new URL(answer.location, current.url).href, body: undefined };
    }
    throw new Error(`Too many redirects from ${url}`);
  }
}

export interface Person {
  username: string;
  password: string;
  decision?: 'allow' | 'deny';
}

/** Logs in and decides, wherever the page stands in that way; ends at the page after the last redirect. */
export async function consent(browser: Browser, start: Page, person: Person): Promise<Page> {
  let page = start;
  for (let steps = 0; steps < 4; steps += 1) {
    const form = formsOf(page)[0];
    if (form && 'password' in form.fields)
      page = await browser.submit(page, { username: person.username, password: person.password });
    else if (form?.buttons.some((button) => button.name === 'decision'))
      page = await browser.submit(page, {}, { name: 'decision', value: person.decision ?? 'allow' });
    else return page;
  }
  return page;
}
