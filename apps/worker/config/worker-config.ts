/** The worker's settings, parsed once; a wrong one fails at boot with the name of the variable. */
import { resolve } from 'node:path';
import { z } from 'zod';
import type { OriginMap } from '#domain/origin-map.js';
import { parseOriginMap } from '#domain/origin-map.js';
import type { Endpoint } from '#http/own-endpoints.js';
import { parsePrivateAddresses, type PrivateAddresses } from '#http/private-addresses.js';
import { SLOT_LIMITS } from '../activities/step-slots.js';
import { ownServers } from './own-servers.js';

const milliseconds = z.coerce.number().int().min(0);

const EnvironmentSchema = z.object({
  HAWSER_DATA: z.string().min(1).default('.data'),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('hawser'),
  TEMPORAL_UI_ORIGIN: z.string().optional(),
  MONGODB_URI: z.string().min(1).default('mongodb://127.0.0.1:27317/hawser'),
  HAWSER_ORIGIN_MAP: z.string().optional(),
  /** Origins and networks of self-hosted apps that the worker may call: the operator's decision. */
  HAWSER_ALLOW_PRIVATE_ADDRESSES: z.string().optional(),
  /** Read to know what is never called: the stack's own servers. */
  HAWSER_GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(3_000),
  HAWSER_PUBLIC_URL: z.string().optional(),
  HAWSER_OWN_ADDRESSES: z.string().optional(),
  HAWSER_CODEC_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  HAWSER_CODEC_TOKEN: z.string().min(16).optional(),
  /** Instead of a port: a Unix socket in a private folder. Who reaches it needs no token. */
  HAWSER_CODEC_SOCKET: z.string().min(1).optional(),
  /** L: the longest time that a lease is believed. At most 30 s: disconnect is done after L + R (`workflows/connection/retiring.ts`). */
  HAWSER_LEASE_MS: milliseconds.max(30_000).default(30_000),
  /** R: no request to an app outlives it. At most 60 s, for the same reason. */
  HAWSER_REQUEST_MS: milliseconds.max(60_000).default(60_000),
  /** How long a token endpoint's answer is awaited once the request is out: it may be the only living token. */
  HAWSER_ANSWER_MS: milliseconds.default(120_000),
  /** Steps of one connection at once on this worker (`activities/step-slots.ts`). */
  HAWSER_STEPS_PER_CONNECTION: z.coerce.number().int().min(1).max(SLOT_LIMITS.all).default(SLOT_LIMITS.perConnection),
  HAWSER_CACHED_WORKFLOWS: z.coerce.number().int().min(10).default(2_000),
});

export interface WorkerConfig {
  dataDir: string;
  temporal: { address: string; namespace: string };
  temporalUiOrigin: string | null;
  mongoUri: string;
  originMap: OriginMap;
  privateAddresses: PrivateAddresses;
  ownServers: Endpoint[];
  codec: { port: number; token: string | undefined } | { socket: string } | null;
  leaseMs: number;
  requestMs: number;
  answerMs: number;
  cachedWorkflows: number;
  stepsPerConnection: number;
}

/** Reads the environment. Throws one Error that names every wrong variable. */
export function readWorkerConfig(environment: NodeJS.ProcessEnv): WorkerConfig {
  const parsed = EnvironmentSchema.safeParse(environment);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The worker cannot start. ${faults.join('; ')}`);
  }
  const env = parsed.data;
  return {
    dataDir: resolve(env.HAWSER_DATA),
    temporal: { address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE },
    temporalUiOrigin: env.TEMPORAL_UI_ORIGIN ?? null,
    mongoUri: env.MONGODB_URI,
    originMap: parseOriginMap(env.HAWSER_ORIGIN_MAP),
    privateAddresses: parsePrivateAddresses(env.HAWSER_ALLOW_PRIVATE_ADDRESSES),
    ownServers: ownServers(env),
    codec: codecOf(env),
    leaseMs: env.HAWSER_LEASE_MS,
    requestMs: env.HAWSER_REQUEST_MS,
    answerMs: env.HAWSER_ANSWER_MS,
    cachedWorkflows: env.HAWSER_CACHED_WORKFLOWS,
    stepsPerConnection: env.HAWSER_STEPS_PER_CONNECTION,
  };
}

function codecOf(env: z.infer<typeof EnvironmentSchema>): WorkerConfig['codec'] {
  if (env.HAWSER_CODEC_SOCKET !== undefined) return { socket: env.HAWSER_CODEC_SOCKET };
  return env.HAWSER_CODEC_PORT === undefined ? null : { port: env.HAWSER_CODEC_PORT, token: env.HAWSER_CODEC_TOKEN };
}
