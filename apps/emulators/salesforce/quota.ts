import type { Org } from '../core/org.js';

interface Used {
  day: string;
  count: number;
}

function today(org: Org): string {
  return new Date(org.now()).toISOString().slice(0, 10);
}

function used(org: Org): number {
  const row = org.setting<Used>('requestsUsed', { day: '', count: 0 });
  return row.day === today(org) ? row.count : 0;
}

/** Requests of the org's day; a new day starts at zero. */
export function countRequest(org: Org): void {
  org.saveSetting('requestsUsed', { day: today(org), count: used(org) + 1 });
}

export function quotaLeft(org: Org): number {
  return org.policy.requestQuota - used(org);
}

/** Value of the header `Sforce-Limit-Info`. */
export function limitHeader(org: Org): string {
  return `api-usage=${used(org)}/${org.policy.requestQuota}`;
}
