/** The moment between the app's consent and our callback: what an attacker may hold in hand. */
import { formsOf, type Browser, type Person } from './browser.js';
import { openLink, SALESFORCE_ADMIN } from './connect.js';

/** Runs a consent up to the redirect to our callback, without following it. */
export async function callbackUrl(browser: Browser, url: string, person: Person = SALESFORCE_ADMIN): Promise<string> {
  let page = await openLink(browser, url);
  for (let step = 0; step < 4; step += 1) {
    const form = formsOf(page)[0];
    if (!form) throw new Error(`No form on ${page.url}: ${page.html.slice(0, 200)}`);
    const deciding = form.buttons.some((button) => button.name === 'decision');
    const values = deciding
      ? { ...form.fields, decision: 'allow' }
      : { ...form.fields, username: person.username, password: person.password };
    let answer = await browser.fetchOnce(
      'POST',
      new URL(form.action, page.url).href,
      new URLSearchParams(values).toString(),
    );
    for (;;) {
      if (answer.location === null) break;
      const next = new URL(answer.location, page.url).href;
      if (next.includes('/oauth/callback')) return next;
      page = { url: next, status: 0, html: '' };
      answer = await browser.fetchOnce('GET', next);
    }
    page = { url: page.url, status: answer.status, html: answer.html };
  }
  throw new Error('No redirect to the callback.');
}
