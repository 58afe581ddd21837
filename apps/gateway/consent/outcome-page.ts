import type { z } from 'zod';
import type { AttemptEndSchema } from '#contract/connections/connection-shape.js';
import { escapeHtml, scriptLiteral, type Page } from './html.js';

export interface OutcomeFacts {
  connectionId: string;
  attemptId: string;
  appName: string;
  connectionName: string;
  /** Null: not known yet. */
  end: z.infer<typeof AttemptEndSchema> | null;
  /** Our own public origin: only a page of ours is told. */
  origin: string;
}

/** What came of it and what to do next. Tells the page that opened the popup, and closes; both work without either. */
export function outcomePage(facts: OutcomeFacts): Page {
  const { connectionId, attemptId, end, origin } = facts;
  const outcome = end?.outcome ?? 'pending';
  const message = { source: 'hawser', type: 'attempt', connectionId, attemptId, outcome, code: end?.code ?? null };
  // A window that no script opened stays: `close` does nothing there, and the text says what happened.
  const script = `(function(){try{if(window.opener){window.opener.postMessage(${scriptLiteral(message)},${scriptLiteral(origin)});${outcome === 'in_force' ? 'setTimeout(function(){window.close()},800);' : ''}}}catch(e){}})();`;
  return { title: titleOf(facts), body: bodyOf(facts), script };
}

function titleOf({ appName, end }: OutcomeFacts): string {
  if (end === null) return `${appName} has answered`;
  if (end.outcome === 'in_force') return `${appName} is connected`;
  return end.outcome === 'candidate' ? 'A decision is needed' : `${appName} is not connected`;
}

function bodyOf({ connectionName, end }: OutcomeFacts): string {
  const name = escapeHtml(connectionName);
  if (end === null)
    return `<p>The connection <strong>${name}</strong> is still being checked. Hawser shows the result; you may close this window.</p>`;
  const missing = (end.missing ?? []).map(({ text }) => `<li>${escapeHtml(text)}</li>`).join('');
  const lacks =
    missing === ''
      ? ''
      : `<p>These rights are missing; give them at the app, then press Verify:</p><ul>${missing}</ul>`;
  if (end.outcome === 'in_force')
    return `<p>The connection <strong>${name}</strong> works. You may close this window.</p>${lacks}`;
  const words = [end.evidence?.appCode, end.evidence?.appMessage].filter(Boolean).join(': ');
  const said = words === '' ? '' : `<p class="note">The app says: ${escapeHtml(words)}</p>`;
  return `<p>${escapeHtml(end.text ?? 'It did not work.')}</p>${said}${lacks}<p class="note">Connection: ${name}. What it was before is unchanged. You may close this window.</p>`;
}

export const refusedCallbackPage: Page = {
  title: 'This answer is not accepted',
  body: '<p>It is late, was used before, or does not belong to this browser. Nothing was stored. Start the connection again from Hawser.</p><p class="note">Code: callback_rejected</p>',
};
