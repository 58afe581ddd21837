import { escapeHtml, type Page } from './html.js';

export interface ConnectPageFacts {
  workspaceName: string;
  connectionName: string;
  appName: string;
  instance: string;
  scopes: string[];
  expiresAt: number;
}

/** Who asks, for which workspace, app and connection; and the button. */
export function connectPage(facts: ConnectPageFacts): Page {
  const { workspaceName, connectionName, appName, instance, scopes, expiresAt } = facts;
  const rows = [
    ['Workspace', workspaceName],
    ['Connection', connectionName],
    ['App', instance === '' ? appName : `${appName} (${instance})`],
    ['Asks for', scopes.join(', ')],
  ].map(([term, text]) => `<dt>${escapeHtml(term ?? '')}</dt><dd>${escapeHtml(text ?? '')}</dd>`);
  return {
    title: `Connect ${appName}`,
    body: `<p>The workspace <strong>${escapeHtml(workspaceName)}</strong> in Hawser asks for access to ${escapeHtml(appName)} in your name.</p>
<dl>${rows.join('')}</dl>
<form method="post"><button type="submit">Continue to ${escapeHtml(appName)}</button></form>
<p class="note">You sign in at ${escapeHtml(appName)} itself; Hawser never sees your password. If you did not expect this, close the page. The link ends at ${escapeHtml(new Date(expiresAt).toISOString())}.</p>`,
  };
}

/** A link that leads nowhere: the same page for an unknown and a foreign one. */
export const unknownLinkPage: Page = {
  title: 'This link is not valid',
  body: '<p>Ask for a new link where you got this one.</p>',
};

export const usedLinkPage: Page = {
  title: 'This link cannot be used any more',
  body: '<p>It was used, has ended or was replaced by a newer one. Ask for a new link where you got this one.</p>',
};

export const foreignFormPage: Page = {
  title: 'This was not sent from our page',
  body: '<p>Open the link itself and press its button.</p>',
};
