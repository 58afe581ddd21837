/** For tests of connectors: an AppContext that answers by a function and keeps what it was asked. Judges like the worker does. */
import { classifiedError } from './classified-error.js';
import type { AppContext, AppRequest, AppResponse, Connector } from './connector.js';

export interface ScriptedAnswer {
  status?: number;
  json?: unknown;
  text?: string;
  headers?: Record<string, string>;
  /** When it came, by our clock; now, where nothing is said. */
  at?: number;
}

/** A context over `answer`; `asked` collects the requests. */
export function scriptedContext(
  connector: Pick<Connector, 'classify'>,
  answer: (request: AppRequest) => ScriptedAnswer,
  facts: Partial<AppContext> = {},
): { context: AppContext; asked: AppRequest[] } {
  const asked: AppRequest[] = [];
  const ask = async (request: AppRequest): Promise<AppResponse> => {
    asked.push(request);
    const { status = 200, json = null, headers = {}, text, at = Date.now() } = answer(request);
    return { status, json, headers, text: text ?? (json === null ? '' : JSON.stringify(json)), at };
  };
  const call = async (request: AppRequest): Promise<AppResponse> => {
    const response = await ask(request);
    const judged = connector.classify(request, response);
    if (judged.kind === 'error') throw classifiedError(judged, response);
    return response;
  };
  const context = {
    instanceUrl: 'https://acme.example',
    settings: {},
    scopes: [],
    accountId: '',
    call,
    ask,
    ...facts,
  };
  return { context, asked };
}
