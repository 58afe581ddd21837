import type { Org } from '../core/org.js';

/** Ids as the real ones: above 2^32, below 2^53, growing. */
export function nextId(org: Org): number {
  const base = org.name === 'acme' ? 27_411_823_400_000 : 31_902_664_100_000;
  return base + org.nextNumber('id') * 179 + 13;
}
