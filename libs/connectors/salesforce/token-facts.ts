/** Where the data lives: `instance_url` of the last token answer, never the login host; it may change with a renewal (README.md, "Hosts"). */

/**
 * Hosts of the API: whatever else an answer names does not get the access token. My Domain, older instance hosts (`na1.salesforce.com`),
 * Experience Cloud, and Salesforce's clouds for governments and China. The user interface (`*.lightning.force.com` and its like) is none.
 */
const API_HOST = /^([a-z0-9-]+\.){1,4}(salesforce\.com|my\.site\.com|salesforce\.mil|sfcrmproducts\.cn)$/i;

/** Keeps what is known (undefined) when the answer names no usable address. */
export function tokenFacts(answer: Record<string, unknown>): { instanceUrl?: string } {
  const text = answer.instance_url;
  if (typeof text !== 'string' || !URL.canParse(text)) return {};
  const url = new URL(text);
  const bare = url.username === '' && url.password === '' && url.port === '';
  return url.protocol === 'https:' && bare && API_HOST.test(url.hostname) ? { instanceUrl: url.origin } : {};
}
