/** Where the data lives: `instance_url` of the last token answer, never the login host; it may change with a renewal (saas-apis.md 2.1). */

/** Hosts of the user interface: the API does not answer there (2.1). */
const UI_HOST = /\.lightning\.(force\.com|crmforce\.mil|sfcrmapps\.cn)$/i;

/** Keeps what is known (undefined) when the answer names no usable address. */
export function tokenFacts(answer: Record<string, unknown>): { instanceUrl?: string } {
  const text = answer.instance_url;
  if (typeof text !== 'string' || !URL.canParse(text)) return {};
  const url = new URL(text);
  const usable = url.protocol === 'https:' && url.username === '' && url.password === '' && !UI_HOST.test(url.hostname);
  return usable ? { instanceUrl: url.origin } : {};
}
