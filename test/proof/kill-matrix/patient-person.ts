/** A caller and a person who do what people do when a page does not come: they press again, and in the end begin anew. */
import { Browser, consent, formsOf, type Person } from '../../support/browser.js';
import { eventually } from '../../support/eventually.js';
import type { Lane } from './lane.js';
import { attemptEnd } from './our-side.js';

const PATIENCE_MS = 90_000;

/** Repeats a request until the gateway answers it with something else than a 5xx; resolves to the body, whatever the status. */
export const ask = (lane: Lane, method: string, path: string, body?: unknown): Promise<any> =>
  eventually(
    `${method} ${path}`,
    async () => {
      const answer = await lane.api.send(method, path, body);
      if (answer.status >= 500) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    PATIENCE_MS,
    500,
  );

class PatientBrowser extends Browser {
  override fetchOnce(
    method: string,
    url: string,
    body?: string,
  ): Promise<{ status: number; location: string | null; html: string }> {
    return eventually(
      `${method} ${url}`,
      async () => {
        const answer = await super.fetchOnce(method, url, body);
        return answer.status >= 500 ? null : answer;
      },
      PATIENCE_MS,
      500,
    );
  }
}

export interface Authorized {
  /** How each attempt ended, in order; the last one is `in_force` or the person gave up. */
  ends: string[];
}

const MAX_ATTEMPTS = 4;
/** An attempt whose callback was answered ends within the exchange's repeats. */
const ATTEMPT_MS = 60_000;

/** Authorizes until it is in force. A person begins anew only when the page or the attempt says that this one has failed. */
export async function authorizePatiently(lane: Lane, connectionId: string, person: Person): Promise<Authorized> {
  const ends: string[] = [];
  while (ends.length < MAX_ATTEMPTS && ends.at(-1) !== 'in_force') {
    const { attemptId, url } = await ask(lane, 'POST', `/v1/connections/${connectionId}/authorize`, {});
    ends.push(await onceThrough(lane, connectionId, { attemptId, url, person }));
  }
  return { ends };
}

async function onceThrough(
  lane: Lane,
  connectionId: string,
  { attemptId, url, person }: { attemptId: string; url: string; person: Person },
): Promise<string> {
  const browser = new PatientBrowser();
  const link = await browser.open(url);
  if (!formsOf(link).length) return `no button (${link.status})`;
  const page = await consent(browser, await browser.submit(link), person);
  if (!page.url.startsWith(lane.api.url) || page.status >= 400) return `page ${page.status}`;
  const end = await attemptEnd(lane, attemptId, ATTEMPT_MS);
  return end.outcome === 'failed' ? String(end.code) : end.outcome;
}
