/** A `fetch` for libraries, on top of `send`: text bodies only, no redirects, no cookies. */
import type { FetchInit, Http } from './http.js';

/** Statuses that may carry no body: the Response constructor refuses one (WHATWG Fetch, "null body status"). */
const NULL_BODY = new Set([204, 205, 304]);

/** Makes the fetch function of an Http. */
export function fetchOverSend(send: Http['send']): Http['fetch'] {
  return async (url, init: FetchInit = {}) => {
    const headers: Record<string, string> = {};
    new Headers(init.headers).forEach((value, name) => (headers[name] = value));
    if (init.body instanceof URLSearchParams)
      headers['content-type'] ??= 'application/x-www-form-urlencoded;charset=UTF-8';
    const response = await send({
      method: init.method ?? 'GET',
      url: String(url),
      headers,
      ...(init.body === undefined || init.body === null ? {} : { body: String(init.body) }),
      ...(init.signal ? { signal: init.signal } : {}),
    });
    const body = NULL_BODY.has(response.status) ? null : response.text;
    return new Response(body, { status: response.status, headers: response.headers });
  };
}
