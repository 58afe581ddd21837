import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Addresses } from '../core/hosts.js';
import { startEmulators } from '../start-emulators.js';
import { pkcePair, walkConsent, type Person } from './browser.js';

export type Json = Record<string, unknown>;

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- each test states what the body should be by asserting it
  body: any;
}

export async function send(
  url: string,
  init: {
    method?: string;
    token?: string;
    json?: unknown;
    form?: Json;
    text?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<Answer> {
  const headers: Record<string, string> = { ...init.headers };
  if (init.token !== undefined) headers.authorization = `Bearer ${init.token}`;
  if (init.json !== undefined) headers['content-type'] = 'application/json';
  const form =
    init.form &&
    new URLSearchParams(Object.entries(init.form).map(([key, value]): [string, string] => [key, String(value)]));
  const body = init.json === undefined ? (init.text ?? form) : JSON.stringify(init.json);
  const method = init.method ?? (body === undefined ? 'GET' : 'POST');
  const response = await fetch(url, { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export interface Running {
  addresses: Addresses;
  control(method: string, path: string, body?: unknown): Promise<Json>;
  stop(): Promise<void>;
}

export async function startForTest(): Promise<Running> {
  const dataDir = mkdtempSync(join(tmpdir(), 'emulators-'));
  const emulators = await startEmulators({ dataDir });
  return {
    addresses: emulators.addresses,
    control: (method, path, body) => control(emulators.addresses, method, path, body),
    stop: async () => {
      await emulators.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function control(addresses: Addresses, method: string, path: string, body?: unknown): Promise<Json> {
  const answer = await send(`${addresses.control}/_emulator${path}`, {
    method,
    ...(body === undefined ? {} : { json: body }),
  });
  if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body as Json;
}

export const redirectUri = 'http://127.0.0.1:9/callback';
export const salesforceClient = { client_id: 'hawser-demo-salesforce', client_secret: 'hawser-demo-salesforce-secret' };
export const zendeskClient = { client_id: 'hawser_demo_zendesk', client_secret: 'hawser-demo-zendesk-secret' };
export const salesforceAdmin: Person = { username: 'admin@hawser-dev.example', password: 'hawser-demo-1' };
export const zendeskAdmin: Person = { username: 'admin@acme.example', password: 'hawser-demo-1' };

export async function salesforceTokens(
  running: Running,
  person: Person = salesforceAdmin,
  params: Record<string, string> = {},
): Promise<Json> {
  const { verifier, challenge } = pkcePair();
  const base = running.addresses.salesforceLogin;
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: salesforceClient.client_id,
    redirect_uri: redirectUri,
    code_challenge: challenge,
    ...params,
  });
  const back = await walkConsent(`${base}/services/oauth2/authorize?${query.toString()}`, person);
  const form = {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code'),
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...salesforceClient,
  };
  const answer = await send(`${base}/services/oauth2/token`, { form });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body as Json;
}

export function refreshSalesforce(running: Running, refreshToken: unknown): Promise<Answer> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, ...salesforceClient };
  return send(`${running.addresses.salesforceLogin}/services/oauth2/token`, { form });
}

export async function zendeskTokens(
  running: Running,
  person: Person = zendeskAdmin,
  scope = 'read write',
): Promise<Json> {
  const base = running.addresses.zendesk;
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: zendeskClient.client_id,
    redirect_uri: redirectUri,
    scope,
  });
  const back = await walkConsent(`${base}/oauth/authorizations/new?${query.toString()}`, person);
  const json = {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code'),
    redirect_uri: redirectUri,
    ...zendeskClient,
  };
  const answer = await send(`${base}/oauth/tokens`, { json });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body as Json;
}

export function refreshZendesk(running: Running, refreshToken: unknown): Promise<Answer> {
  return send(`${running.addresses.zendesk}/oauth/tokens`, {
    json: { grant_type: 'refresh_token', refresh_token: refreshToken, ...zendeskClient },
  });
}
