/** Calls to the REST API with a key. A refusal becomes an error with the sentence of its problem document. */
export function createApiClient(api, apiKey) {
  return async function call(method, path, body) {
    const response = await fetch(new URL(path, api), {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    if (response.ok) return text ? JSON.parse(text) : undefined;
    throw new Error(`${method} ${path} was refused (${response.status}): ${sentenceOf(text)}`);
  };
}

function sentenceOf(text) {
  try {
    const problem = JSON.parse(text);
    return problem.detail ?? problem.title ?? text;
  } catch {
    return text.slice(0, 300);
  }
}

/** All items of a list, page by page. */
export async function allItems(call, path) {
  const items = [];
  let cursor;
  do {
    const separator = path.includes('?') ? '&' : '?';
    const page = await call(
      'GET',
      `${path}${separator}limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}
