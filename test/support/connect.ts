/** Connecting as a person does: create, link, button, login, consent, callback. */
import { Browser, consent, formsOf, type Page, type Person } from './browser.js';
import { eventually } from './eventually.js';
import type { Api } from './api.js';

export const SALESFORCE_ADMIN: Person = { username: 'admin@hawser-dev.example', password: 'hawser-demo-1' };
export const SALESFORCE_SECOND: Person = { username: 'second@hawser-dev.example', password: 'hawser-demo-1' };
export const ZENDESK_ADMIN: Person = { username: 'admin@acme.example', password: 'hawser-demo-1' };
export const ZENDESK_AGENT: Person = { username: 'agent@acme.example', password: 'hawser-demo-1' };

export const SALESFORCE_CLIENT = {
  app: 'salesforce',
  name: 'Demo',
  clientId: 'hawser-demo-salesforce',
  clientSecret: 'hawser-demo-salesforce-secret',
};
export const ZENDESK_CLIENT = {
  app: 'zendesk',
  name: 'Demo',
  clientId: 'hawser_demo_zendesk',
  clientSecret: 'hawser-demo-zendesk-secret',
};

/** Creates a connection with an app client of its own; answers the connection's id. */
export async function createConnection(
  api: Api,
  app: 'salesforce' | 'zendesk',
  name: string,
  settings?: Record<string, string>,
): Promise<string> {
  const client = await api.ok('POST', '/v1/app-clients', app === 'salesforce' ? SALESFORCE_CLIENT : ZENDESK_CLIENT);
  const chosen = settings ?? (app === 'salesforce' ? { environment: 'production' } : { subdomain: 'acme' });
  const connection = await api.ok('POST', '/v1/connections', { app, name, settings: chosen, appClientId: client.id });
  return connection.id as string;
}

/** Opens the connect link and presses the button: ends at the app's first page. */
export async function openLink(browser: Browser, url: string): Promise<Page> {
  const page = await browser.open(url);
  if (!formsOf(page).length) throw new Error(`No button on ${url}: ${page.status} ${page.html.slice(0, 300)}`);
  return browser.submit(page);
}

/** One whole attempt; answers the last page and the attempt's end. */
export async function authorize(
  api: Api,
  connectionId: string,
  person: Person,
): Promise<{ page: Page; attemptId: string; end: any }> {
  const { attemptId, url } = await api.ok('POST', `/v1/connections/${connectionId}/authorize`, {});
  const browser = new Browser();
  const page = await consent(browser, await openLink(browser, url), person);
  const end = await eventually(
    'the attempt to end',
    async () => (await api.ok('GET', `/v1/connections/${connectionId}/attempts/${attemptId}`)).end,
  );
  return { page, attemptId, end };
}

/** Creates and connects; answers the id. */
export async function connected(
  api: Api,
  app: 'salesforce' | 'zendesk',
  person: Person,
  name: string = app,
  settings?: Record<string, string>,
): Promise<string> {
  const id = await createConnection(api, app, name, settings);
  const { end, page } = await authorize(api, id, person);
  if (end.outcome !== 'in_force') throw new Error(`Not connected: ${JSON.stringify(end)} (${page.url})`);
  return id;
}

export const statusOf = async (api: Api, id: string): Promise<string> =>
  (await api.ok('GET', `/v1/connections/${id}`)).status;
