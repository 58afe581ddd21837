import type { FastifyReply } from 'fastify';
import type { Org } from '../core/org.js';
import { ZendeskError } from './api-error.js';

interface Window {
  minute: number;
  used: number;
}

const windows = new WeakMap<Org, Window>();

function windowOf(org: Org): Window {
  const minute = Math.floor(org.now() / 60_000);
  const known = windows.get(org);
  if (known?.minute === minute) return known;
  const fresh = { minute, used: 0 };
  windows.set(org, fresh);
  return fresh;
}

function secondsLeft(org: Org): number {
  return 60 - Math.floor((org.now() / 1_000) % 60);
}

export function setRateHeaders(org: Org, reply: FastifyReply): void {
  const limit = String(org.policy.requestQuota);
  const remaining = String(Math.max(0, org.policy.requestQuota - windowOf(org).used));
  const reset = String(secondsLeft(org));
  reply.headers({
    'x-rate-limit': limit,
    'x-rate-limit-remaining': remaining,
    'rate-limit': limit,
    'rate-limit-remaining': remaining,
    'rate-limit-reset': reset,
    'ratelimit-limit': limit,
    'ratelimit-remaining': remaining,
    'ratelimit-reset': reset,
  });
}

/** Counts one API request of the account's minute; throws 429 past the limit. */
export function countRequest(org: Org): void {
  const window = windowOf(org);
  if (window.used >= org.policy.requestQuota) {
    const body = { error: 'APIRateLimitExceeded', description: 'Number of allowed API requests per minute exceeded' };
    throw new ZendeskError(429, body, { 'retry-after': String(secondsLeft(org)) });
  }
  window.used += 1;
}
