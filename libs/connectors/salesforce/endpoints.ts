/** Paths of the REST API below the instance address. */

/** Spring '24: old enough to be everywhere, new enough for `created` in the answer to an upsert (v46). */
const DATA = '/services/data/v60.0';

export const endpoints = {
  userinfo: '/services/oauth2/userinfo',
  limits: `${DATA}/limits`,
  query: `${DATA}/query`,
  objects: `${DATA}/sobjects`,
  object: (object: string): string => `${DATA}/sobjects/${encodeURIComponent(object)}`,
  describe: (object: string): string => `${DATA}/sobjects/${encodeURIComponent(object)}/describe`,
  record: (object: string, id: string): string =>
    `${DATA}/sobjects/${encodeURIComponent(object)}/${encodeURIComponent(id)}`,
  byExternalId: (object: string, field: string, value: string): string =>
    `${DATA}/sobjects/${encodeURIComponent(object)}/${encodeURIComponent(field)}/${encodeURIComponent(value)}`,
} as const;

/** What a request path addresses: the object, and whether one record of it. Null: no object at all. */
export function addressedBy(path: string): { object: string; record: boolean; describe: boolean } | null {
  const match = /\/sobjects\/([^/?]+)(?:\/([^/?]+))?(?:\/[^/?]+)?(?:\?|$)/.exec(path);
  if (!match?.[1]) return null;
  const describe = match[2] === 'describe';
  return { object: decodeURIComponent(match[1]), record: match[2] !== undefined && !describe, describe };
}
