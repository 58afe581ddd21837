/** The same resource with and without a slash at its end. Takes it off before anything looks at the path. */
export function withoutTrailingSlash(url: string): string {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end -= 1;
  // The documentation's page finds its files by its own slash.
  if (end === path.length || /^\/docs\/*$/.test(path)) return url;
  return path.slice(0, end) + (query < 0 ? '' : url.slice(query));
}
