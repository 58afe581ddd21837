/** The emulators in this process, our socket with the origin map to them, and a person who consents. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { challengeOf, createVerifier } from '#auth/pkce.js';
import { readAuthorizationResponse } from '#auth/authorization-response.js';
import { exchangeCode, type TokenCall } from '#auth/oauth2-authorization-code.js';
import type { TokenAnswer } from '#auth/token-answer.js';
import { authorizeUrl } from '#connector-sdk/authorize-url.js';
import { classifiedError } from '#connector-sdk/classified-error.js';
import type { AppContext, AppRequest, AppResponse, Connector } from '#connector-sdk/connector.js';
import { connectors } from '#connectors/registry.js';
import { mapOrigin, parseOriginMap, type OriginMap } from '#domain/origin-map.js';
import { createHttp } from '#http/create-http.js';
import type { Http } from '#http/http.js';
import { startEmulators } from '../../apps/emulators/start-emulators.js';
import { walkConsent, type Person } from '../../apps/emulators/testing/browser.js';

export const REDIRECT_URI = 'http://127.0.0.1:9/oauth/callback';
export const salesforceClient = { clientId: 'hawser-demo-salesforce', clientSecret: 'hawser-demo-salesforce-secret' };
export const zendeskClient = { clientId: 'hawser_demo_zendesk', clientSecret: 'hawser-demo-zendesk-secret' };
export const salesforceAdmin: Person = { username: 'admin@hawser-dev.example', password: 'hawser-demo-1' };
export const zendeskAdmin: Person = { username: 'admin@acme.example', password: 'hawser-demo-1' };

export interface EmulatedApps {
  http: Http;
  originMap: OriginMap;
  control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export async function startEmulatedApps(): Promise<EmulatedApps> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hawser-emulators-'));
  const emulators = await startEmulators({ dataDir });
  const { addresses } = emulators;
  const originMap = parseOriginMap(
    JSON.stringify({
      'https://login.salesforce.com': addresses.salesforceLogin,
      'https://test.salesforce.com': addresses.salesforceSandboxLogin,
      'https://*.sandbox.my.salesforce.com': addresses.salesforceSandboxInstance,
      'https://*.my.salesforce.com': addresses.salesforceInstance,
      'https://*.zendesk.com': addresses.zendesk,
    }),
  );
  // The address policy stays on: only mapped origins may lead to loopback.
  const http = createHttp({ originMap });
  const control: EmulatedApps['control'] = async (method, path, body) => {
    const response = await fetch(`${addresses.control}/_emulator${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  const close = async (): Promise<void> => {
    await http.close();
    await emulators.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { http, originMap, control, close };
}

/** What a token request needs, of one app. */
export function tokenCall(
  apps: EmulatedApps,
  app: 'salesforce' | 'zendesk',
  settings?: Record<string, string>,
): TokenCall {
  const { manifest } = connectors[app]!;
  return app === 'salesforce'
    ? { manifest, settings: settings ?? { environment: 'production' }, client: salesforceClient, http: apps.http }
    : { manifest, settings: settings ?? { subdomain: 'acme' }, client: zendeskClient, http: apps.http };
}

export interface Consent {
  code: string;
  verifier: string;
}

/** Login and consent by a person's browser, which follows the mapped authorize address. */
export async function consent(
  apps: EmulatedApps,
  call: TokenCall,
  person: Person,
  scopes = call.manifest.auth.scopes,
): Promise<Consent> {
  const verifier = createVerifier();
  const request = {
    clientId: call.client.clientId,
    redirectUri: REDIRECT_URI,
    state: 'state-1',
    scopes,
    codeChallenge: challengeOf(verifier),
  };
  const address = new URL(authorizeUrl(call.manifest.auth, call.settings, request));
  const back = await walkConsent((mapOrigin(apps.originMap, address) ?? address).href, person);
  expect(back.searchParams.get('state')).toBe('state-1');
  const answer = readAuthorizationResponse(back.searchParams, { issuer: null });
  if (answer.kind !== 'code') throw new Error(`No code: ${JSON.stringify(answer)}`);
  return { code: answer.code, verifier };
}

/** Consent and exchange. */
export async function connect(
  apps: EmulatedApps,
  call: TokenCall,
  person: Person,
  scopes?: string[],
): Promise<TokenAnswer> {
  return exchangeCode({ ...call, ...(await consent(apps, call, person, scopes)), redirectUri: REDIRECT_URI });
}

/** A connector's context over a token, as the worker makes one. */
export function liveContext(http: Http, connector: Connector, call: TokenCall, token: TokenAnswer): AppContext {
  const instanceUrl = connector.tokenFacts(token.raw, call.settings).instanceUrl!;
  const ask = async (request: AppRequest): Promise<AppResponse> => {
    const url = new URL(request.path, instanceUrl);
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    const json: Record<string, string> = request.json === undefined ? {} : { 'content-type': 'application/json' };
    const response = await http.send({
      method: request.method,
      url: url.href,
      headers: connector.authorize({ accept: 'application/json', ...json, ...request.headers }, token.accessToken),
      ...(request.json === undefined ? {} : { body: JSON.stringify(request.json) }),
    });
    return { ...response, json: parsed(response.text) };
  };
  const callApp = async (request: AppRequest): Promise<AppResponse> => {
    const response = await ask(request);
    const judged = connector.classify(request, response);
    if (judged.kind === 'error') throw classifiedError(judged, response);
    return response;
  };
  return { instanceUrl, settings: call.settings, scopes: token.scopes ?? [], accountId: '', call: callApp, ask };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
