/** A context over one given credential: no lease and no renewal. For the actor's own calls (verify of a candidate). */
import type { AppContext, AppRequest, AppResponse, Connector, ConnectionFacts } from '#connector-sdk/connector.js';
import type { Http } from '#http/http.js';
import type { SecretMask } from '#telemetry/secret-mask.js';
import { classifiedError } from '#connector-sdk/classified-error.js';
import { REQUEST_MS, sendToApp } from './app-request.js';

export interface FixedContextOptions {
  http: Http;
  connector: Connector;
  facts: ConnectionFacts;
  accessToken: string;
  /** What no answer may carry further, by value. */
  mask: SecretMask;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** `call` throws by the classification, a rejected access token included; `ask` hands any answer over. */
export function fixedContext({ facts, timeoutMs = REQUEST_MS, ...rest }: FixedContextOptions): AppContext {
  const send = (request: AppRequest) => sendToApp({ ...rest, instanceUrl: facts.instanceUrl, timeoutMs, request });
  return {
    ...facts,
    ask: async (request): Promise<AppResponse> => (await send(request)).response,
    call: async (request): Promise<AppResponse> => {
      const { response, judged } = await send(request);
      if (judged.kind === 'error') throw classifiedError(judged, response, request);
      return response;
    },
  };
}
