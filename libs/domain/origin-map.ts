/**
 * The operator's map of vendor origins to addresses (off unless set): `{"https://*.zendesk.com": "http://127.0.0.1:4405"}`.
 * It works below openid-client and in the authorize address; nothing else of ours knows of it.
 */
export type OriginMap = readonly { pattern: RegExp; target: string }[];

/** Parses the setting; throws a plain Error that names the entry (it is read at boot only). */
export function parseOriginMap(setting: string | undefined): OriginMap {
  if (!setting) return [];
  // The most exact entry wins, whatever the order in the setting.
  const weight = (origin: string): number => (origin.includes('*') ? 0 : 1_000) + origin.length;
  const entries = Object.entries(JSON.parse(setting) as Record<string, string>).sort(
    ([a], [b]) => weight(b) - weight(a),
  );
  return entries.map(([origin, target]) => {
    if (!/^https?:\/\/[^/]+$/.test(origin) || !URL.canParse(target))
      throw new Error(`HAWSER_ORIGIN_MAP: "${origin}" -> "${target}" is not a pair of origins.`);
    const pattern = origin.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '[a-z0-9-]+(?:\\.[a-z0-9-]+)*');
    return { pattern: new RegExp(`^${pattern}$`, 'i'), target: new URL(target).origin };
  });
}

/** The mapped address of a URL (the most exact entry wins), or null when its origin is not mapped. */
export function mapOrigin(map: OriginMap, url: URL): URL | null {
  const entry = map.find(({ pattern }) => pattern.test(url.origin));
  if (!entry) return null;
  const target = new URL(entry.target);
  const mapped = new URL(url.href);
  mapped.protocol = target.protocol;
  mapped.host = target.host;
  mapped.port = target.port;
  return mapped;
}
