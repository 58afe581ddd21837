/** The gateway's settings, read once from the environment at boot. A wrong one stops the boot with its name. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { parseOriginMap, type OriginMap } from '#domain/origin-map.js';

export interface GatewayConfig {
  dataDir: string;
  port: number;
  /** Address of the socket; loopback unless set (a container needs 0.0.0.0). */
  bind: string;
  /** How browsers reach this gateway; no slash at the end. */
  publicUrl: string;
  temporal: { address: string; namespace: string };
  mongodbUri: string;
  originMap: OriginMap;
  /** Further names for the Host check. */
  hosts: string[];
  /** Requests a minute and API key. */
  rateLimit: number;
  /** Addresses and networks of reverse proxies whose X-Forwarded-For is believed; empty = none. */
  trustedProxies: string[];
}

/** An address, or one with the length of its network. */
const NetworkSchema = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

const EnvironmentSchema = z.object({
  HAWSER_DATA: z.string().default('.data'),
  // Not 0: links and redirects are made of the port before anything listens.
  HAWSER_GATEWAY_PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  HAWSER_GATEWAY_BIND: z.string().min(1).default('127.0.0.1'),
  HAWSER_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:/]+:\d+$/, 'must be host:port')
    .default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('hawser'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
    .default('mongodb://127.0.0.1:27317/hawser'),
  HAWSER_ORIGIN_MAP: z.string().optional(),
  HAWSER_HOSTS: z.string().default(''),
  HAWSER_RATE_LIMIT: z.coerce.number().int().min(1).default(600),
  HAWSER_TRUSTED_PROXIES: z
    .string()
    .default('')
    .refine(
      (text) => listOf(text).every((entry) => NetworkSchema.safeParse(entry).success),
      'must be addresses or networks, such as 10.0.0.7, 10.1.0.0/16',
    ),
});

/** @throws Error that names each variable at fault, one line each; no value is repeated (an URI may hold a password). */
export function readGatewayConfig(environment: NodeJS.ProcessEnv): GatewayConfig {
  const parsed = EnvironmentSchema.safeParse(withoutBlanks(environment));
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`).join('\n'));
  }
  const env = parsed.data;
  return {
    dataDir: resolve(env.HAWSER_DATA),
    port: env.HAWSER_GATEWAY_PORT,
    bind: env.HAWSER_GATEWAY_BIND,
    publicUrl: (env.HAWSER_PUBLIC_URL ?? `http://127.0.0.1:${env.HAWSER_GATEWAY_PORT}`).replace(/\/+$/, ''),
    temporal: { address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE },
    mongodbUri: env.MONGODB_URI,
    originMap: readOriginMap(env.HAWSER_ORIGIN_MAP),
    hosts: listOf(env.HAWSER_HOSTS),
    rateLimit: env.HAWSER_RATE_LIMIT,
    trustedProxies: listOf(env.HAWSER_TRUSTED_PROXIES),
  };
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** `NAME=` in an env file means "not set". */
function withoutBlanks(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1].trim() !== '',
    ),
  );
}

function readOriginMap(setting: string | undefined): OriginMap {
  try {
    return parseOriginMap(setting);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(
      message.startsWith('HAWSER_ORIGIN_MAP')
        ? message
        : 'HAWSER_ORIGIN_MAP: is not a JSON object of origin -> address.',
      { cause: error },
    );
  }
}
