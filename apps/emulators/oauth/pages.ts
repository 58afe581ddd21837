import { escapeHtml, hiddenInputs, htmlPage } from '../core/html-page.js';

export interface LoginPage {
  title: string;
  action: string;
  /** Where the browser goes on after the login: a path of this server. */
  next: string;
  username: string;
  error?: string;
}

export function loginPage(page: LoginPage): string {
  const error = page.error ? `<p class="bad" role="alert">${escapeHtml(page.error)}</p>` : '';
  return htmlPage(
    page.title,
    `<h1>${escapeHtml(page.title)}</h1>${error}<form method="post" action="${escapeHtml(page.action)}">${hiddenInputs({ next: page.next })}
<label>Username <input type="text" name="username" value="${escapeHtml(page.username)}" autocomplete="username" autofocus></label>
<label>Password <input type="password" name="password" autocomplete="current-password"></label>
<button class="main" type="submit">Log in</button></form><p class="note">This is an emulator for development. The seeded password is hawser-demo-1.</p>`,
    true,
  );
}

export interface ConsentPage {
  title: string;
  action: string;
  clientName: string;
  username: string;
  scopes: string[];
  hidden: Record<string, string>;
}

export function consentPage(page: ConsentPage): string {
  const scopes = page.scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('');
  return htmlPage(
    page.title,
    `<h1>Allow access?</h1><p><b>${escapeHtml(page.clientName)}</b> asks to act for <b>${escapeHtml(page.username)}</b>:</p><ul>${scopes}</ul>
<form method="post" action="${escapeHtml(page.action)}">${hiddenInputs(page.hidden)}
<button class="main" type="submit" name="decision" value="allow">Allow</button> <button type="submit" name="decision" value="deny">Deny</button></form>`,
    true,
  );
}

export function oauthErrorPage(error: string, description: string): string {
  return htmlPage(
    'OAuth error',
    `<h1>OAuth error</h1><p>error=${escapeHtml(error)}</p><p>error_description=${escapeHtml(description)}</p>`,
    true,
  );
}

/** `redirectUri` with parameters added; it may carry a query of its own. */
export function redirectTarget(redirectUri: string, values: Record<string, string | undefined>): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(values)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** Only a path of the same server may follow a login. */
export function safeNext(next: unknown): string {
  const text = typeof next === 'string' ? next : '';
  return /^\/(?![/\\])/.test(text) ? text : '/';
}
