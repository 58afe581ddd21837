// A browser as far as a consent needs one: cookies per origin, redirects, plain HTML forms. So the demo goes the very way that a
// person goes, and no shortcut around the consent exists.

export function createBrowser() {
  const jars = new Map();

  async function go(method, url, fields) {
    for (let hops = 0; hops < 15; hops += 1) {
      const answer = await ask(method, url, fields);
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status >= 400 || !location)
        return { url, status: answer.status, html: await answer.text() };
      await answer.arrayBuffer();
      [method, url, fields] = ['GET', new URL(location, url).href, undefined];
    }
    throw new Error(`Too many redirects; the last was to ${new URL(url).origin}.`);
  }

  async function ask(method, url, fields) {
    const { origin } = new URL(url);
    const jar = jars.get(origin) ?? new Map();
    jars.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const form = fields && { body: new URLSearchParams(fields), headers: { origin } };
    const headers = { accept: 'text/html', ...form?.headers, ...(cookie ? { cookie } : {}) };
    const signal = AbortSignal.timeout(30_000);
    const answer = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(form ? { body: form.body } : {}),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim());
    }
    return answer;
  }

  return {
    open: (url) => go('GET', url),
    submit: (page, values = {}) => {
      const form = formOf(page);
      if (!form) throw new Error(`There is no form on ${new URL(page.url).origin} (status ${page.status}).`);
      return go('POST', new URL(form.action, page.url).href, { ...form.fields, ...values });
    },
  };
}

/** The first form of a page: `{ action, fields, buttons }`, or undefined. */
export function formOf(page) {
  const found = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(page.html);
  if (!found) return undefined;
  const [, head, body] = found;
  const tags = (name) => [...body.matchAll(new RegExp(`<${name}\\b[^>]*>`, 'gi'))].map(([tag]) => tag);
  const named = (list) =>
    list.filter((tag) => attribute(tag, 'name')).map((tag) => [attribute(tag, 'name'), attribute(tag, 'value') ?? '']);
  return {
    action: attribute(head, 'action') ?? page.url,
    fields: Object.fromEntries(named(tags('input'))),
    buttons: named(tags('button')),
  };
}

function attribute(tag, name) {
  const found = new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`, 'i').exec(tag);
  return (
    found &&
    found[1]
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
  );
}
