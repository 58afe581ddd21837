import { createBrowser, formOf } from './browser.mjs';
import { allItems } from './api-client.mjs';

/**
 * Makes the connection where there is none of that name, and plays the consent where it was never given. Returns it connected.
 * One that a person has made invalid since is left as it is: reconnecting it is one of the things to try.
 */
export async function connect({ call, log, app, name, settings, client, person }) {
  const known = (await allItems(call, `/v1/connections?app=${app}`)).find((one) => one.name === name);
  const connection = known ?? (await create({ call, app, name, settings, client }));
  if (connection.status !== 'draft') return connection;
  await giveConsent({ call, connection, person });
  const connected = await untilSettled(call, connection.id);
  if (connected.status !== 'connected') throw new Error(`"${name}" is ${connected.status}: ${connected.nextStep}`);
  log(
    `     ${name}: connected as ${connected.account?.label ?? person.username} (consent given at the emulated login)`,
  );
  return connected;
}

async function create({ call, app, name, settings, client }) {
  const clients = await allItems(call, '/v1/app-clients');
  const registered = clients.find((one) => one.app === app && one.clientId === client.clientId);
  const { id } = registered ?? (await call('POST', '/v1/app-clients', { app, name: 'Demo', ...client }));
  return call('POST', '/v1/connections', { app, name, settings, appClientId: id });
}

/** The connect link, its button, the login, the consent, and back. */
async function giveConsent({ call, connection, person }) {
  const { url } = await call('POST', `/v1/connections/${connection.id}/authorize`, {});
  const browser = createBrowser();
  let page = await browser.submit(await browser.open(url));
  for (let pages = 0; pages < 4; pages += 1) {
    const form = formOf(page);
    if (form && 'password' in form.fields) page = await browser.submit(page, person);
    else if (form?.buttons.some(([name]) => name === 'decision'))
      page = await browser.submit(page, { decision: 'allow' });
    else break;
  }
  if (page.status >= 400)
    throw new Error(
      `The consent for "${connection.name}" ended with status ${page.status} at ${new URL(page.url).origin}.`,
    );
}

async function untilSettled(call, id) {
  const until = Date.now() + 30_000;
  for (;;) {
    const connection = await call('GET', `/v1/connections/${id}`);
    if (connection.status !== 'draft' || Date.now() > until) return connection;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
